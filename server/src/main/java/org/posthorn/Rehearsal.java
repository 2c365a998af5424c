package org.posthorn;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.posthorn.certificates.TrustedAuthorities;
import org.posthorn.config.ConfigException;
import org.posthorn.net.Connection;

/**
 * A short life of the whole server on ports of its own: started, used in each protocol as mail programs use it, stopped. The build
 * records what the JVM needed for it (JEP 514) and what ran often (JEP 515), so that later starts find classes loaded and linked and
 * compile at once what is worth it.
 */
final class Rehearsal {
    private static final String DOMAIN = "posthorn.test";
    private static final String ALICE = "alice@" + DOMAIN;
    private static final String PASSWORD = "rehearsal";
    private static final int MAX_LINE = 4096;
    private static final int ROUNDS = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    /** Messages of about 4 and 64 KiB with the final dot. */
    private static final String SMALL = message(50);

    private static final String LARGE = message(850);

    private final Server server;
    private final SSLContext trust;

    private Rehearsal(Server server, SSLContext trust) {
        this.server = server;
        this.trust = trust;
    }

    static void run(LocalProgram program, Path scratch) throws ConfigException, IOException {
        Files.createDirectories(scratch);
        Path config = scratch.resolve("posthorn.toml");
        StringBuilder toml = new StringBuilder("server.hostname = \"localhost\"\nserver.data = \"" + scratch + "\"\n");
        for (Service service : Service.values()) {
            toml.append("listen.").append(service.key()).append(" = \"127.0.0.1:0\"\n");
        }
        toml.append("listen.http = \"127.0.0.1:0\"\nlog.file = \"")
                .append(scratch.resolve("mail.log"))
                .append("\"\n");
        Files.writeString(config, toml);
        program.check(config);
        program.populate(config, DOMAIN, Map.of(ALICE, PASSWORD));
        try (Server server = Server.start(config, Configuration.read(config))) {
            new Rehearsal(server, TrustedAuthorities.of(scratch.resolve("tls/ca.pem"))).talk();
        }
    }

    /** Goes on until the compiler has seen enough of each path to know what is hot there, but not for long on a slow machine. */
    private void talk() throws IOException {
        JudgedMessage judged = JudgedMessage.make(("x".repeat(76) + "\r\n").repeat(50), InstantSource.system());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int round = 0; round < ROUNDS && System.nanoTime() < deadline; round++) {
            deliver(round % 4 == 0 ? LARGE : SMALL);
            submit();
            judged.results();
            if (round % 10 == 0) {
                readByImap();
                readByPop3();
            }
        }
    }

    private void deliver(String text) throws IOException {
        try (Connection smtp = connect(Service.SMTP)) {
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
        try (Connection submission = connect(Service.SUBMISSION)) {
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
        try (Connection imap = connect(Service.IMAPS)) {
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
        try (Connection pop3 = connect(Service.POP3S)) {
            ask(pop3, "USER " + ALICE, false);
            ask(pop3, "PASS " + PASSWORD, false);
            ask(pop3, "UIDL", true);
            for (int i = 1; i <= 10; i++) {
                ask(pop3, "RETR " + i, true);
            }
            ask(pop3, "QUIT", false);
        }
    }

    private Connection connect(Service service) throws IOException {
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.ports().port(service));
        Connection connection = Connection.open(address, Optional.empty(), Duration.ofSeconds(10));
        connection.readTimeout(Duration.ofSeconds(10));
        if (service.implicitTls()) {
            connection.startTls(trust, "localhost", trust.getDefaultSSLParameters());
        }
        connection.in().readLine(MAX_LINE);
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
