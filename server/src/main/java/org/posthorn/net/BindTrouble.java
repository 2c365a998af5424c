package org.posthorn.net;

import java.io.IOException;
import java.util.Locale;

/** What an administrator does about a port that cannot be had. */
public final class BindTrouble {
    private BindTrouble() {}

    /** The reason, with its remedy where there is one. */
    public static String words(IOException trouble) {
        String reason = String.valueOf(trouble.getMessage());
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("already in use")) {
            return reason + "; see with \"ss -ltnp\" which program has it";
        }
        if (lower.contains("permission denied")) {
            return reason + "; ports below 1024 need root or CAP_NET_BIND_SERVICE";
        }
        if (lower.contains("cannot assign")) {
            return reason + "; it is not an address of this machine";
        }
        return reason;
    }
}
