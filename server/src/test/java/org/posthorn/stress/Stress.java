package org.posthorn.stress;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Many clients of one account who change the same mailboxes at random, in the manner of Dovecot's imaptest, and another program at the
 * Maildir if asked for. {@code ./posthorn prove stress} runs it against a server; it needs nothing but the JDK.
 */
public final class Stress {
    /** By then the server has looked at everything that the other program did. */
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(90);

    /**
     * Who does what, where and how long.
     *
     * @param patience milliseconds after which a server that says nothing hangs
     * @param maildir where the other program works; nobody does when empty
     */
    public record Settings(
            InetSocketAddress server,
            String user,
            String password,
            Optional<Path> maildir,
            int sessions,
            long nanos,
            long seed,
            int patience) {}

    private final Settings settings;
    private final Ledger ledger = new Ledger();

    private Stress(Settings settings) {
        this.settings = settings;
    }

    /** Arguments: address, port, user, password, Maildir or {@code -}, sessions, seconds, seed. */
    public static void main(String[] arguments) throws Exception {
        Settings settings = new Settings(
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])),
                arguments[2],
                arguments[3],
                arguments[4].equals("-") ? Optional.empty() : Optional.of(Path.of(arguments[4])),
                Integer.parseInt(arguments[5]),
                TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[6])),
                Long.parseLong(arguments[7]),
                60_000);
        if (!run(settings, System.out).isEmpty()) {
            throw new AssertionError("faults");
        }
    }

    /** The first faults, none when all is well; says on {@code out} what was done. */
    public static List<String> run(Settings settings, PrintStream out) throws Exception {
        Stress stress = new Stress(settings);
        stress.play();
        List<String> faults = stress.ledger.firstFaults();
        faults.forEach(out::println);
        out.println(settings.sessions() + " sessions, seed " + settings.seed() + ": " + stress.ledger.summary());
        out.println(stress.ledger.faults() + " faults");
        return faults;
    }

    private void play() throws Exception {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < settings.sessions(); i++) {
            sessions.add(new Session(settings, ledger, i));
        }
        long until = System.nanoTime() + settings.nanos();
        List<Thread> threads = new ArrayList<>();
        settings.maildir()
                .map(maildir -> new OtherProgram(maildir, settings.seed(), ledger))
                .ifPresent(other -> threads.add(Thread.ofPlatform().start(() -> other.play(until))));
        for (Session session : sessions) {
            threads.add(Thread.ofPlatform().start(() -> session.play(until)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Session session : sessions) {
            agree(session, sessions.size());
            session.close();
        }
    }

    /** Files of messages in a mailbox; as many as there should be where nobody looks. */
    private long files(View view) throws IOException {
        if (settings.maildir().isEmpty()) {
            return view.size();
        }
        Path maildir = settings.maildir().get();
        Path folder = view.mailbox.equals("INBOX") ? maildir : maildir.resolve("." + view.mailbox);
        long count = 0;
        for (String part : List.of("cur", "new")) {
            try (Stream<Path> all = Files.list(folder.resolve(part))) {
                count += all.count();
            }
        }
        return count;
    }

    /** In the end a session that saw all the changes knows what one sees that opens the mailbox now, and each message is a file. */
    private void agree(Session session, int number) throws InterruptedException {
        long until = System.nanoTime() + SETTLING_NANOS;
        try {
            while (true) {
                Optional<View> old = session.settle();
                if (old.isEmpty()) {
                    return;
                }
                Session other = new Session(settings, ledger, number);
                Optional<View> fresh = other.fresh(old.get().mailbox);
                other.close();
                // A mailbox of the name that is not the one this session has open: it was renamed or removed.
                boolean another = fresh.isEmpty()
                        || !fresh.get().validity().equals(old.get().validity());
                if (another) {
                    return;
                }
                long files = files(fresh.get());
                if (files == fresh.get().size()
                        && fresh.get().state().equals(old.get().state())) {
                    return;
                }
                if (System.nanoTime() - until > 0) {
                    ledger.fault(old.get().mailbox + " is to the one who had it open\n"
                            + old.get().state() + "\nand to one who opens it\n"
                            + fresh.get().state() + "\nin " + files + " files");
                    return;
                }
                Thread.sleep(1_000);
            }
        } catch (IOException e) {
            ledger.fault("while settling: " + e);
        }
    }
}
