package org.posthorn;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.posthorn.certificates.TrustedAuthorities;
import org.posthorn.config.ConfigException;
import org.posthorn.net.Connection;

/**
 * A short life of the whole server on ports of its own: started, spoken to in each protocol, stopped. The build records what the JVM
 * needed for it (JEP 514), so that later starts find classes loaded and linked.
 */
final class Rehearsal {
    private static final String DOMAIN = "posthorn.test";
    private static final String PASSWORD = "rehearsal";
    private static final int MAX_LINE = 4096;

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
        program.populate(config, DOMAIN, Map.of("alice@" + DOMAIN, PASSWORD));
        try (Server server = Server.start(config, Configuration.read(config))) {
            new Rehearsal(server, TrustedAuthorities.of(scratch.resolve("tls/ca.pem"))).talk();
        }
    }

    private void talk() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (Connection smtp = connect(Service.SMTP)) {
                say(smtp, "EHLO localhost");
                say(smtp, "MAIL FROM:<>");
                say(smtp, "RCPT TO:<alice@" + DOMAIN + ">");
                say(smtp, "DATA");
                say(smtp, "Subject: rehearsal\r\n\r\nhello\r\n.");
                say(smtp, "QUIT");
            }
        }
        try (Connection submission = connect(Service.SUBMISSION)) {
            say(submission, "EHLO localhost");
            say(submission, "STARTTLS");
            submission.startTls(trust, "localhost", trust.getDefaultSSLParameters());
            say(submission, "EHLO localhost");
            say(submission, "QUIT");
        }
        try (Connection imap = connect(Service.IMAPS)) {
            tell(imap, "a LOGIN alice@" + DOMAIN + " " + PASSWORD);
            tell(imap, "a SELECT INBOX");
            tell(imap, "a FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[])");
            tell(imap, "a LOGOUT");
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
}
