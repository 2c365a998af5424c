package org.posthorn.app.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.posthorn.net.Connection;

/**
 * Uses a whole server in each protocol as mail programs do. The build records what the JVM needed for it (JEP 514) and what ran often
 * (JEP 515), so that later starts find classes loaded and linked and compile at once what is worth it.
 */
public final class TrainingRun {
    public static final String DOMAIN = "posthorn.test";
    public static final String ALICE = "alice@" + DOMAIN;
    public static final String PASSWORD = "rehearsal";

    /** Where the server listens on the loopback address; {@code imaps} and {@code pop3s} speak TLS at once. */
    public record Ports(int smtp, int submission, int imaps, int pop3s, int http) {}

    private static final int MAX_LINE = 4096;
    private static final int ROUNDS = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    /** Messages of about 4 and 64 KiB with the final dot. */
    private static final String SMALL = message(50);

    private static final String LARGE = message(850);

    private final Ports ports;
    private final SSLContext trust;

    /** @param trust whom the server's certificate is believed from */
    public TrainingRun(Ports ports, SSLContext trust) {
        this.ports = ports;
        this.trust = trust;
    }

    /** Goes on until the compiler has seen enough of each path to know what is hot there, but not for long on a slow machine. */
    public void talk() throws IOException {
        TrainingMessage judged = TrainingMessage.make(("x".repeat(76) + "\r\n").repeat(50), InstantSource.system());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int round = 0; round < ROUNDS && System.nanoTime() < deadline; round++) {
            deliver(round % 4 == 0 ? LARGE : SMALL);
            submit();
            judged.results();
            if (round % 10 == 0) {
                readByImap();
                readByPop3();
                watch();
            }
        }
    }

    private void deliver(String text) throws IOException {
        try (Connection smtp = connect(ports.smtp(), false)) {
            say(smtp, "EHLO localhost");
            for (int i = 0; i < 5; i++) {
                say(smtp, "MAIL FROM:<bob@example.org>");
                say(smtp, "RCPT TO:<" + ALICE + ">");
                say(smtp, "DATA");
                say(smtp, text);
            }
            say(smtp, "QUIT");
        }
    }

    private void submit() throws IOException {
        try (Connection submission = connect(ports.submission(), false)) {
            say(submission, "EHLO localhost");
            say(submission, "STARTTLS");
            submission.startTls(trust, "localhost", trust.getDefaultSSLParameters());
            say(submission, "EHLO localhost");
            byte[] plain = ("\0" + ALICE + "\0" + PASSWORD).getBytes(StandardCharsets.US_ASCII);
            say(submission, "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
            say(submission, "MAIL FROM:<" + ALICE + ">");
            say(submission, "RCPT TO:<" + ALICE + ">");
            say(submission, "DATA");
            say(submission, "From: <" + ALICE + ">\r\n" + SMALL);
            say(submission, "QUIT");
        }
    }

    private void readByImap() throws IOException {
        try (Connection imap = connect(ports.imaps(), true)) {
            tell(imap, "a LOGIN " + ALICE + " " + PASSWORD);
            tell(imap, "a LIST \"\" *");
            tell(imap, "a SELECT INBOX");
            tell(imap, "a FETCH 1:20 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)");
            for (int i = 1; i <= 10; i++) {
                tell(imap, "a FETCH " + i + " (FLAGS BODY.PEEK[])");
                tell(imap, "a STORE " + i + " FLAGS (\\Seen)");
                tell(imap, "a SEARCH 1:20 UNSEEN");
                tell(imap, "a NOOP");
            }
            tell(imap, "a LOGOUT");
        }
    }

    private void readByPop3() throws IOException {
        try (Connection pop3 = connect(ports.pop3s(), true)) {
            ask(pop3, "USER " + ALICE, false);
            ask(pop3, "PASS " + PASSWORD, false);
            ask(pop3, "UIDL", true);
            for (int i = 1; i <= 10; i++) {
                ask(pop3, "RETR " + i, true);
            }
            ask(pop3, "QUIT", false);
        }
    }

    /** As a monitor does (HTTP/1.0, so that the answer ends with the connection). */
    private void watch() throws IOException {
        for (String path : new String[] {"/healthz", "/metrics"}) {
            try (Connection http = open(ports.http())) {
                http.out().println("GET " + path + " HTTP/1.0").println("").flush();
                while (http.in().read() >= 0) {
                    // The answer.
                }
            }
        }
    }

    private Connection connect(int port, boolean tls) throws IOException {
        Connection connection = open(port);
        if (tls) {
            connection.startTls(trust, "localhost", trust.getDefaultSSLParameters());
        }
        connection.in().readLine(MAX_LINE);
        return connection;
    }

    private static Connection open(int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Connection connection = Connection.open(address, Optional.empty(), Duration.ofSeconds(10));
        connection.readTimeout(Duration.ofSeconds(10));
        return connection;
    }

    private static String message(int lines) {
        return "Subject: rehearsal\r\n\r\n" + ("x".repeat(76) + "\r\n").repeat(lines) + ".";
    }

    /** Sends SMTP and reads the whole reply. */
    private static void say(Connection connection, String line) throws IOException {
        connection.out().println(line).flush();
        String reply = connection.in().readLine(MAX_LINE);
        while (reply.length() > 3 && reply.charAt(3) == '-') {
            reply = connection.in().readLine(MAX_LINE);
        }
    }

    /** Sends IMAP and reads up to the tagged response. */
    private static void tell(Connection connection, String line) throws IOException {
        connection.out().println(line).flush();
        while (!connection.in().readLine(MAX_LINE).startsWith("a ")) {
            // Untagged data.
        }
    }

    /** Sends POP3 and reads the reply, up to the dot where it has several lines. */
    private static void ask(Connection connection, String line, boolean lines) throws IOException {
        connection.out().println(line).flush();
        String reply = connection.in().readLine(MAX_LINE);
        while (lines
                && reply.startsWith("+OK")
                && !connection.in().readLine(MAX_LINE).equals(".")) {
            // The text.
        }
    }
}
