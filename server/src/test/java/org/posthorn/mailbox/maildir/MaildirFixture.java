package org.posthorn.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;

/** A store over a directory, with the files of one account at hand. */
final class MaildirFixture implements AutoCloseable {
    static final Address ALICE = Address.parse("alice@posthorn.test");

    final Path maildir;
    private final Path root;
    private MaildirStore store;
    private final List<Runnable> opened = new ArrayList<>();

    MaildirFixture(Path root) throws IOException {
        this.root = root;
        this.maildir = root.resolve("alice@posthorn.test/Maildir");
        open();
    }

    /** An account as another program left it: a Maildir and nothing else. */
    static Path foreignMaildir(Path root) throws IOException {
        Path maildir = root.resolve("alice@posthorn.test/Maildir");
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(part));
        }
        return maildir;
    }

    void open() throws IOException {
        store = new MaildirStore(config(root), MailLog.none(), InstantSource.system());
    }

    static MaildirConfig config(Path root) {
        return new MaildirConfig(root, "mail.posthorn.test", 100, 40, 1_000_000, false);
    }

    MaildirStore store() {
        return store;
    }

    /** Closes everything and opens the store again. */
    void restart() throws IOException {
        close();
        open();
    }

    /** Ends the store; what lies on disk may then be changed. */
    void stop() throws IOException {
        close();
    }

    AccountMail mail() throws IOException {
        AccountMail mail = store.open(ALICE);
        opened.add(mail::close);
        return mail;
    }

    Mailbox select(String name) throws Exception {
        Mailbox mailbox = mail().select(MailboxName.parse(name, '/'));
        opened.addFirst(mailbox::close);
        return mailbox;
    }

    Mailbox inbox() throws Exception {
        return select("INBOX");
    }

    Path index() {
        return maildir.resolveSibling("index.db");
    }

    void deliver(String key) throws Exception {
        store.deliver(
                ALICE,
                MailboxName.INBOX,
                key,
                new byte[0],
                MessageContent.of(("Subject: " + key + "\r\n\r\nbody\r\n").getBytes(US_ASCII)),
                System.currentTimeMillis(),
                Flags.NONE,
                false);
    }

    long append(String folder, String text, Flags flags) throws Exception {
        try (Appender appender = mail().append(MailboxName.parse(folder, '/'), flags, Optional.empty(), 0)) {
            appender.write(text.getBytes(US_ASCII), 0, text.length());
            return appender.commit().uid();
        }
    }

    static String text(Mailbox mailbox, long uid) throws Exception {
        return new String(mailbox.content(uid).orElseThrow().open().readAllBytes(), ISO_8859_1);
    }

    static List<Long> uids(Mailbox mailbox) {
        return mailbox.messages().stream().map(Message::uid).toList();
    }

    /** The only file in one of the directories. */
    Path onlyFile(String directory) throws IOException {
        try (Stream<Path> files = Files.list(maildir.resolve(directory))) {
            List<Path> all = files.toList();
            if (all.size() != 1) {
                throw new AssertionError("not one file: " + all);
            }
            return all.getFirst();
        }
    }

    /** Writes a file as another program would. */
    Path put(String name, String content) throws IOException {
        return Files.writeString(maildir.resolve(name), content, ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        opened.forEach(Runnable::run);
        opened.clear();
        store.close();
    }
}
