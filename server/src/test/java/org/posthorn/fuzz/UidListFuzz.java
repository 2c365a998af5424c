package org.posthorn.fuzz;

import org.posthorn.mailbox.maildir.MaildirFuzzing;

/** Lists of UIDs that Dovecot, or anybody, wrote. */
public final class UidListFuzz {
    private UidListFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        MaildirFuzzing.uidList(input);
    }
}
