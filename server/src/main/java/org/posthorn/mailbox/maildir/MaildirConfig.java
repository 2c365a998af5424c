package org.posthorn.mailbox.maildir;

import java.nio.file.Path;

/**
 * Where mail lies, and how much of it.
 *
 * @param directory holds a directory for each account
 * @param host this machine's name, for file names
 * @param maxMailboxes mailboxes of an account
 * @param maxKeywords keywords of a mailbox; the first 26 lie in file names, the others in the index only
 * @param maxMessage octets of a message, in APPEND
 * @param durable false leaves out every sync, for tests and benchmarks: a power loss may then lose mail
 */
public record MaildirConfig(
        Path directory, String host, int maxMailboxes, int maxKeywords, long maxMessage, boolean durable) {
    public MaildirConfig {
        if (maxMailboxes < 1 || maxKeywords < 0 || maxKeywords > 1000 || maxMessage < 1) {
            throw new IllegalArgumentException(
                    "limits of mailboxes, keywords (at most 1000) and octets must be positive");
        }
        host = host.replace("/", "\\057").replace(":", "\\072").replace(",", "\\054");
    }

    /** The usual limits: 2,000 mailboxes, 200 keywords, 100 MB. */
    public static MaildirConfig of(Path directory, String host) {
        return new MaildirConfig(directory, host, 2_000, 200, 100_000_000, true);
    }
}
