package org.posthorn.mailbox.maildir;

import java.nio.file.Path;

/**
 * Where mail lies, and how much of it.
 *
 * @param directory holds a directory for each account
 * @param host this machine's name, for file names
 * @param maxMailboxes mailboxes of an account
 * @param maxKeywords keywords of a mailbox; the first 26 lie in file names, the others in the index only
 * @param maxMessages messages of a mailbox
 * @param maxAccountMessages messages of an account; counted in its directories each so often, so that there may be a hundredth more,
 *     1,000 at most
 * @param maxMessage octets of a message, in APPEND
 * @param reserve octets of the disk that the queue leaves free; users' commands stop when {@value #FOR_USERS} times as much is free, so
 *     that mail goes on coming in when a user has filled what he can
 * @param durable false leaves out every sync, for tests and benchmarks: a power loss may then lose mail
 */
public record MaildirConfig(
        Path directory,
        String host,
        int maxMailboxes,
        int maxKeywords,
        int maxMessages,
        int maxAccountMessages,
        long maxMessage,
        long reserve,
        boolean durable) {
    static final int FOR_USERS = 2;
    private static final int MESSAGES = 200_000;
    private static final int ACCOUNT_MESSAGES = 500_000;

    public MaildirConfig {
        if (maxMailboxes < 1
                || maxKeywords < 0
                || maxKeywords > 1000
                || maxMessage < 1
                || maxMessages < 1
                || maxAccountMessages < 1
                || reserve < 0) {
            throw new IllegalArgumentException(
                    "limits of mailboxes, keywords (at most 1000) and octets must be positive, the reserve not negative");
        }
        host = host.replace("/", "\\057").replace(":", "\\072").replace(",", "\\054");
    }

    /** With the usual limits of messages, without a reserve. */
    public MaildirConfig(
            Path directory, String host, int maxMailboxes, int maxKeywords, long maxMessage, boolean durable) {
        this(directory, host, maxMailboxes, maxKeywords, MESSAGES, ACCOUNT_MESSAGES, maxMessage, 0, durable);
    }

    /** The usual limits: 2,000 mailboxes, 200 keywords, 200,000 messages of a mailbox, 500,000 of an account, 100 MB; 64 MiB in reserve. */
    public static MaildirConfig of(Path directory, String host) {
        return new MaildirConfig(directory, host, 2_000, 200, MESSAGES, ACCOUNT_MESSAGES, 100_000_000, 64 << 20, true);
    }
}
