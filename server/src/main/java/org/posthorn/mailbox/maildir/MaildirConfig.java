package org.posthorn.mailbox.maildir;

import java.nio.file.Path;
import org.posthorn.config.MessageSize;
import org.posthorn.config.Section;

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

    /** The usual limits: 2,000 mailboxes, 200 keywords, 200,000 messages of a mailbox, 500,000 of an account, 100 MiB; 64 MiB in reserve. */
    public static MaildirConfig of(Path directory, String host) {
        return new MaildirConfig(
                directory, host, 2_000, 200, MESSAGES, ACCOUNT_MESSAGES, MessageSize.DEFAULT, 64 << 20, true);
    }

    /**
     * Reads {@code [mailbox]}.
     *
     * @param directory where mailboxes lie unless it says otherwise
     */
    public static MaildirConfig read(Section section, Path directory, String host, long maxMessage, long reserve) {
        MaildirConfig standard = of(directory, host);
        return new MaildirConfig(
                section.file("directory").orElse(directory),
                host,
                section.integer("max-mailboxes", standard.maxMailboxes, 10, 100_000),
                section.integer("max-keywords", standard.maxKeywords, 26, 1000),
                section.integer("max-messages", standard.maxMessages, 100, 10_000_000),
                section.integer("max-account-messages", standard.maxAccountMessages, 100, 100_000_000),
                maxMessage,
                reserve,
                standard.durable);
    }
}
