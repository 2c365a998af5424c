package org.posthorn.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Strangers who hold as much memory as the protocol lets them, and stay: thousands of sessions for each protocol against one server with its
 * usual heap, one protocol after another. Says whether the server lives, and how long a normal client of the same protocol
 * takes meanwhile, from connecting to the end of its session. Prints a Markdown table.
 */
final class HostileLoad {
    private static final int OPENERS = 4;
    private static final int MOST_TLS_KEPT = 500;
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String HALF_RECORD = "\u0016\u0003\u0001@\0" + "x".repeat(16_000);
    private static final String HALF_LITERAL = "a LOGIN {60000+}\r\n" + "x".repeat(59_000);

    private final Target target;
    private final int sessions;

    /** @param sessions of each protocol */
    HostileLoad(Target target, int sessions) {
        this.target = target;
        this.sessions = sessions;
    }

    /** Opens one hostile session and leaves it open. */
    private interface Hostile {
        Closeable open(int number) throws IOException;
    }

    /** What somebody does who means no harm. */
    private interface Normal {
        void once() throws Exception;
    }

    void run(PrintStream out) throws Exception {
        out.println("| protocol | hostile sessions | of them turned away or cut while they opened | server |"
                + " normal client, ms: median | longest | failed |");
        out.println("|---|---:|---:|---|---:|---:|---:|");
        measure(out, "SMTP", this::smtp, this::message);
        measure(out, "submission", this::submission, () -> SubmissionLoad.run(target, 1, 1, 1024, 1));
        measure(out, "IMAP", this::imap, () -> mailbox(target.imap(), false));
        measure(out, "IMAPS", this::imaps, () -> mailbox(target.imaps(), true));
        measure(out, "POP3", number -> raw(target.pop3(), true, "USER " + "x".repeat(60_000)), this::maildrop);
        measure(out, "milter", this::milter, () -> MilterLoad.run(target.milter(), target.domain(), 1, 1, 1024));
    }

    private Closeable smtp(int number) throws IOException {
        String begin = "EHLO x\r\nMAIL FROM:<a@plain.test>\r\nRCPT TO:<" + target.user(number) + ">\r\n";
        if (number % 2 == 0) {
            StringBuilder recipients = new StringBuilder(begin);
            String[] user = target.user(number).split("@", -1);
            for (int i = 0; i < 999; i++) {
                recipients.append("RCPT TO:<" + user[0] + "+" + "q".repeat(48) + i + "@" + user[1] + ">\r\n");
            }
            return raw(target.smtp(), true, recipients.toString());
        }
        RawSession session = raw(target.smtp(), true, begin + "DATA\r\n");
        session.await("354 ");
        return session.send(("X-Y: " + "y".repeat(180) + "\r\n").repeat(1250));
    }

    private Closeable submission(int number) throws IOException {
        if (number % 2 == 0) {
            return raw(target.submission(), true, "EHLO x\r\nNOOP " + "x".repeat(60_000));
        }
        RawSession session = raw(target.submission(), true, "EHLO x\r\nSTARTTLS\r\n");
        session.await("220 2.0.0");
        return session.send(HALF_RECORD);
    }

    private Closeable imap(int number) throws IOException {
        return raw(target.imap(), true, number % 2 == 0 ? HALF_LITERAL : "a LOGIN \"" + "x".repeat(60_000));
    }

    private Closeable imaps(int number) throws IOException {
        if (number % 4 != 0) {
            return raw(target.imaps(), false, HALF_RECORD);
        }
        Wire wire = new Wire(target.imaps(), true);
        wire.line();
        wire.send(HALF_LITERAL);
        wire.flush();
        return wire;
    }

    /** Three fields of 60,000 octets in a header that does not end. */
    private Closeable milter(int number) throws IOException {
        String field = "\0\0\u00eaeL" + "X\0" + "x".repeat(60_001) + "\0";
        return raw(
                target.milter(), false, "\0\0\0\rO\0\0\0\u0006\0\0\u0001\u00ff\0\u001f\u00ff\u00ff" + field.repeat(3));
    }

    private static RawSession raw(int port, boolean greeting, String text) throws IOException {
        RawSession session = new RawSession(port);
        if (greeting) {
            session.await("\n");
        }
        return session.send(text);
    }

    /** A socket without buffers of its own: there are thousands of them. */
    private static final class RawSession implements Closeable {
        private final Socket socket = new Socket();

        RawSession(int port) throws IOException {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), TIMEOUT_MILLIS);
        }

        void await(String text) throws IOException {
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[1024];
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf(text) < 0) {
                int count = in.read(piece);
                if (count < 0) {
                    throw new IOException("closed after: " + seen);
                }
                seen.append(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
            }
        }

        RawSession send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void message() throws IOException {
        try (Wire wire = new Wire(target.smtp(), false)) {
            wire.expect("220");
            wire.command("EHLO plain.test", "250");
            wire.command("MAIL FROM:<load@plain.test>", "250");
            wire.command("RCPT TO:<" + target.user(0) + ">", "250");
            wire.command("DATA", "354");
            wire.command("From: load@plain.test\r\nSubject: x\r\n\r\nbody\r\n.", "250");
            wire.command("QUIT", "221");
        }
    }

    private void mailbox(int port, boolean tls) throws IOException {
        try (Wire wire = new Wire(port, tls)) {
            wire.line();
            for (String command :
                    List.of("LOGIN " + target.user(1) + " " + target.password(1), "SELECT INBOX", "NOOP", "LOGOUT")) {
                wire.send("a " + command + "\r\n");
                wire.flush();
                String line = wire.line();
                while (!line.startsWith("a ")) {
                    line = wire.line();
                }
                if (!line.startsWith("a OK")) {
                    throw new IOException(line);
                }
            }
        }
    }

    private void maildrop() throws IOException {
        try (Wire wire = new Wire(target.pop3(), false)) {
            wire.line();
            for (String command : List.of("USER " + target.user(2), "PASS " + target.password(2), "STAT", "QUIT")) {
                wire.send(command + "\r\n");
                wire.flush();
                String line = wire.line();
                if (!line.startsWith("+OK")) {
                    throw new IOException(line);
                }
            }
        }
    }

    private void measure(PrintStream out, String protocol, Hostile hostile, Normal normal) throws Exception {
        // The first session of a kind loads classes, here as on any server that has just started.
        attempt(normal);
        Deque<Closeable> tls = new ArrayDeque<>();
        List<Closeable> held = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        long end = System.nanoTime() + LONGEST.toNanos();
        List<Thread> openers = new ArrayList<>();
        for (int i = 0; i < OPENERS; i++) {
            openers.add(Thread.ofPlatform().daemon().start(() -> {
                int number = next.getAndIncrement();
                while (number < sessions && System.nanoTime() < end) {
                    try {
                        keep(hostile.open(number), held, tls);
                    } catch (IOException e) {
                        failed.incrementAndGet();
                    }
                    number = next.getAndIncrement();
                }
            }));
        }
        Times times = new Times();
        while (openers.stream().anyMatch(Thread::isAlive)) {
            times.take(attempt(normal));
            Thread.sleep(20);
        }
        // All that will ever be opened is open now.
        for (int i = 0; i < 20; i++) {
            times.take(attempt(normal));
            Thread.sleep(50);
        }
        boolean alive = target.roots().stream()
                .allMatch(
                        pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        out.println("| " + protocol + " | " + Math.min(sessions, next.get()) + " | " + failed + " | "
                + (alive ? "lives" : "ended") + " | " + times.figures() + " |");
        for (Closeable session : held) {
            session.close();
        }
        for (Closeable session : tls) {
            session.close();
        }
        Thread.sleep(1000);
    }

    /** The generator's memory is bounded too: of sessions with TLS the newest are kept; the server has long cut the others. */
    private static synchronized void keep(Closeable session, List<Closeable> held, Deque<Closeable> tls)
            throws IOException {
        if (session instanceof Wire) {
            tls.add(session);
            if (tls.size() > MOST_TLS_KEPT) {
                tls.remove().close();
            }
        } else {
            held.add(session);
        }
    }

    /** The milliseconds that it took; negative when it failed. */
    private static double attempt(Normal normal) {
        long start = System.nanoTime();
        try {
            normal.once();
            return (System.nanoTime() - start) / 1e6;
        } catch (Exception e) {
            System.err.println("normal client: " + e);
            return -1;
        }
    }

    private static final class Times {
        private final List<Double> taken = new ArrayList<>();
        private int failed;

        void take(double millis) {
            if (millis < 0) {
                failed++;
            } else {
                taken.add(millis);
            }
        }

        String figures() {
            double[] sorted = taken.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            return sorted.length == 0
                    ? "none | none | " + failed
                    : String.format(
                            Locale.ROOT,
                            "%.1f | %.1f | %d of %d",
                            sorted[sorted.length / 2],
                            sorted[sorted.length - 1],
                            failed,
                            failed + sorted.length);
        }
    }
}
