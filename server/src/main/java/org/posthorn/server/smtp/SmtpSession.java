package org.posthorn.server.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.posthorn.intake.SmtpClient;
import org.posthorn.mail.Address;
import org.posthorn.net.CommandReader;
import org.posthorn.net.Connection;
import org.posthorn.net.LineException;
import org.posthorn.net.MemoryShortageException;
import org.posthorn.protocol.sasl.Grant;
import org.posthorn.protocol.sasl.SaslStep;
import org.posthorn.protocol.smtp.SmtpCommand;
import org.posthorn.protocol.smtp.SmtpCommandParser;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.protocol.smtp.SmtpSyntaxException;

/** One SMTP or LMTP connection from greeting to end: reads commands, keeps the state, counts errors. Used by one thread. */
final class SmtpSession {
    static final SmtpReply INTERNAL_ERROR = SmtpReply.of(451, "4.3.0", "Internal error, try again later");

    private static final int ERRORS_WITHOUT_DELAY = 3;

    private final SmtpConfig config;
    private final SmtpServices services;
    private final Connection connection;
    private final CommandReader reader;
    private final SessionLog log;
    private final Statistics statistics = new Statistics();
    private final long started = System.nanoTime();

    private Optional<SmtpCommand.Hello> hello = Optional.empty();
    private Optional<Address> account = Optional.empty();
    private Grant.Hold login = () -> {};
    private @Nullable Transaction transaction;
    private int messages;
    private int errors;
    private int refusedRecipients;
    private int idleCommands;
    private String lastVerb = "CONNECT";
    private boolean closing;
    private boolean secureAfterReply;

    SmtpSession(SmtpConfig config, SmtpServices services, Connection connection) {
        this.config = config;
        this.services = services;
        this.connection = connection;
        this.reader = new CommandReader(connection);
        this.log = new SessionLog(services.log(), config.role().component(), connection);
    }

    void run() throws IOException {
        log.connected();
        try {
            send(SmtpReply.plain(220, config.hostname() + (isLmtp() ? " LMTP" : " ESMTP") + " Posthorn"));
            while (!closing) {
                next();
            }
            connection.out().flush();
        } catch (MemoryShortageException e) {
            log.ended("short of memory", lastVerb);
            goodbye("4.3.2", "short of memory, try again later");
        } catch (SocketTimeoutException e) {
            log.ended("timeout", lastVerb);
            goodbye("4.4.2", "timeout exceeded");
        } catch (EOFException e) {
            if (connection.windingDown()) {
                farewell();
            } else {
                log.ended("lost connection", lastVerb);
            }
        } catch (IOException e) {
            log.ended("lost connection", lastVerb);
            throw e;
        } finally {
            login.close();
            log.disconnected(statistics);
        }
    }

    /** Whether each recipient gets a reply of its own after the text. */
    boolean isLmtp() {
        return config.role() == SmtpRole.LMTP;
    }

    private void farewell() throws IOException {
        goodbye(connection.farewell().equals(SaslStep.LOGIN_OVER) ? "4.7.0" : "4.3.2", connection.farewell());
    }

    /** RFC 5321 3.8: the server may end a session with 421 at any time. */
    private void goodbye(String status, String why) throws IOException {
        closing = true;
        send(SmtpReply.of(421, status, config.hostname() + " " + why));
        connection.out().flush();
    }

    private void next() throws IOException {
        String line;
        try {
            line = reader.line(SmtpCommandParser.MAX_AUTH_LINE, patience());
        } catch (LineException e) {
            conclude("unknown", lineFault(e));
            return;
        }
        if (connection.windingDown()) {
            farewell();
        } else if (System.nanoTime() - started > config.times().session().toNanos()) {
            goodbye("4.4.2", "session takes too long");
        } else {
            answer(line);
        }
    }

    /** How long to wait for a command. */
    private Duration patience() {
        return services.busy().getAsBoolean()
                ? config.times().underLoad()
                : config.times().command();
    }

    static SmtpReply lineFault(LineException e) {
        return switch (e.fault()) {
            case TOO_LONG -> SmtpReply.of(500, "5.5.2", "Line too long");
            // RFC 5321 2.3.8; 4.1.1.4 on what tolerance here leads to.
            case BARE_CR_OR_LF -> SmtpReply.of(500, "5.5.2", "Bare CR or LF in command");
        };
    }

    private void answer(String line) throws IOException {
        SmtpCommand command;
        try {
            command = SmtpCommandParser.parse(line);
            if (line.length() > SmtpCommandParser.MAX_LINE && !(command instanceof SmtpCommand.Auth)) {
                throw new SmtpSyntaxException(SmtpReply.of(500, "5.5.2", "Line too long"));
            }
        } catch (SmtpSyntaxException e) {
            conclude("unknown", e.reply());
            return;
        }
        lastVerb = command.verb().toUpperCase(Locale.ROOT);
        conclude(command.verb(), outcome(command));
        if (secureAfterReply) {
            secureAfterReply = false;
            connection.out().flush();
            StartTlsCommand.handshake(this, services.startTls().orElseThrow());
        }
    }

    private SmtpReply outcome(SmtpCommand command) throws IOException {
        try {
            return dispatch(command);
        } catch (RuntimeException e) {
            log.failed(lastVerb, e);
            return INTERNAL_ERROR;
        }
    }

    private SmtpReply dispatch(SmtpCommand command) throws IOException {
        return switch (command) {
            case SmtpCommand.Hello greeting -> HelloCommand.answer(this, greeting);
            case SmtpCommand.Mail mail -> MailCommand.answer(this, mail);
            case SmtpCommand.Rcpt rcpt -> RcptCommand.answer(this, rcpt);
            case SmtpCommand.Auth auth -> AuthCommand.answer(this, auth);
            // RFC 5321 3.5.3: 252 for a server that does not tell.
            case SmtpCommand.Vrfy ignored -> idle(SmtpReply.of(252, "2.0.0", "Send some mail, I will try my best"));
            case SmtpCommand.Unknown unknown -> unknown(unknown);
            case SmtpCommand.Simple simple ->
                switch (simple) {
                    case DATA -> DataCommand.answer(this);
                    case RSET -> reset();
                    case NOOP -> idle(SmtpReply.of(250, "2.0.0", "Ok"));
                    case QUIT -> quit();
                    case HELP -> idle(SmtpReply.of(214, "2.0.0", HelloCommand.verbs(this)));
                    case EXPN -> SmtpReply.of(502, "5.5.1", "EXPN is not offered");
                    case STARTTLS -> StartTlsCommand.answer(this);
                };
        };
    }

    private SmtpReply reset() {
        abandon();
        return idle(SmtpReply.of(250, "2.0.0", "Ok"));
    }

    private SmtpReply quit() {
        closing = true;
        return SmtpReply.of(221, "2.0.0", "Bye");
    }

    /** A browser that was made to talk to us holds somebody else's text (cross-protocol scripting): not a word more. */
    private SmtpReply unknown(SmtpCommand.Unknown command) {
        String line = command.line();
        if (line.startsWith("GET ") || line.startsWith("POST ") || line.startsWith("CONNECT ")) {
            closing = true;
            return SmtpReply.of(421, "4.7.0", "This is not a web server");
        }
        return SmtpReply.of(500, "5.5.2", "Command not recognized");
    }

    SmtpReply idle(SmtpReply reply) {
        idleCommands++;
        return reply;
    }

    /** Counts, slows down, answers, and ends the session where it is enough. */
    private void conclude(String verb, SmtpReply reply) throws IOException {
        statistics.count(verb, reply);
        if (reply.isPermanentFailure()) {
            if (verb.equals("rcpt") && transaction != null) {
                refusedRecipients++;
            } else {
                errors++;
            }
            delay();
        }
        send(reply);
        if (errors >= config.limits().errors()
                || refusedRecipients >= config.limits().refusedRecipients()
                || idleCommands >= config.limits().idleCommands()) {
            log.tooManyErrors(lastVerb);
            goodbye("4.7.0", "too many errors");
        }
    }

    private void delay() throws IOException {
        if (errors + refusedRecipients <= ERRORS_WITHOUT_DELAY) {
            return;
        }
        pause(config.times().errorDelay());
    }

    /** Lets the client wait; a virtual thread that sleeps costs next to nothing. */
    void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Puts a reply into the buffer; it leaves with the next wait for a command. */
    private void send(SmtpReply reply) throws IOException {
        String wire = reply.wire();
        if (wire.chars().allMatch(c -> c < 0x80)) {
            connection.out().print(wire);
        } else if (transaction != null && transaction.smtpUtf8()) {
            // RFC 6531 3.7.4.2: replies may hold UTF-8 within a transaction that was begun with SMTPUTF8.
            connection.out().write(wire.getBytes(StandardCharsets.UTF_8));
        } else {
            connection.out().print(wire.replaceAll("[^\\x00-\\x7f]", "?"));
        }
    }

    /** One more reply to the command in hand, whose last one is still to come. */
    void replyAlso(String verb, SmtpReply reply) throws IOException {
        statistics.count(verb, reply);
        send(reply);
    }

    /** Sends a reply that the client waits for in the midst of a command. */
    void sendNow(SmtpReply reply) throws IOException {
        send(reply);
        connection.out().flush();
    }

    /** RFC 5321 4.1.4: the state after a successful EHLO or HELO. */
    void greeted(SmtpCommand.Hello greeting) {
        hello = Optional.of(greeting);
        abandon();
    }

    /** RFC 3207 4.2: after the handshake nothing is known of the client any more. */
    void secured() {
        hello = Optional.empty();
        account = Optional.empty();
        abandon();
    }

    /** The client's next line within a command. */
    String responseLine() throws IOException {
        return reader.line(SmtpCommandParser.MAX_AUTH_LINE, patience());
    }

    void authenticated(SaslStep.Success success) {
        account = Optional.of(success.account());
        login = success.grant().whenOver(() -> connection.windDown(SaslStep.LOGIN_OVER));
    }

    boolean authenticated() {
        return account.isPresent();
    }

    void secureAfterReply() {
        secureAfterReply = true;
    }

    /** Why no mail may be sent at this point, if so. */
    Optional<SmtpReply> barred() {
        if (config.role() != SmtpRole.SUBMISSION || account.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                connection.isTls()
                        ? SmtpReply.of(530, "5.7.0", "Authentication required")
                        : SmtpReply.of(530, "5.7.0", "Must issue a STARTTLS command first"));
    }

    void begin(Transaction begun) {
        transaction = begun;
    }

    void abandon() {
        if (transaction != null) {
            connection.memory().release(transaction.memory());
        }
        transaction = null;
    }

    /** A message was taken: whoever sends mail may err now and then. */
    void accepted() {
        messages++;
        errors = 0;
        refusedRecipients = 0;
        idleCommands = 0;
    }

    /** This command's reply is the last one. */
    void end() {
        closing = true;
    }

    Optional<Transaction> transaction() {
        return Optional.ofNullable(transaction);
    }

    Optional<SmtpCommand.Hello> hello() {
        return hello;
    }

    int messages() {
        return messages;
    }

    SmtpConfig config() {
        return config;
    }

    SmtpServices services() {
        return services;
    }

    Connection connection() {
        return connection;
    }

    SessionLog log() {
        return log;
    }

    SmtpClient client(boolean smtpUtf8) {
        return new SmtpClient(
                connection.id(),
                connection.remote(),
                connection.local(),
                hello.map(SmtpCommand.Hello::name).orElse(""),
                protocol(smtpUtf8),
                connection.tlsSession().map(tls -> tls.getProtocol() + " " + tls.getCipherSuite()),
                account);
    }

    /** RFC 3848 and RFC 6531 4.3: the name of the protocol for the Received field. */
    private String protocol(boolean smtpUtf8) {
        if (!hello.map(SmtpCommand.Hello::extended).orElse(false)) {
            return "SMTP";
        }
        String name = isLmtp() ? (smtpUtf8 ? "UTF8LMTP" : "LMTP") : (smtpUtf8 ? "UTF8SMTP" : "ESMTP");
        return name + (connection.isTls() ? "S" : "") + (account.isPresent() ? "A" : "");
    }
}
