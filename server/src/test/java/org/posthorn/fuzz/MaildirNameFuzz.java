package org.posthorn.fuzz;

import org.posthorn.mailbox.maildir.MaildirFuzzing;

/** Names of message files and folders in a Maildir. */
public final class MaildirNameFuzz {
    private MaildirNameFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        MaildirFuzzing.names(input);
    }
}
