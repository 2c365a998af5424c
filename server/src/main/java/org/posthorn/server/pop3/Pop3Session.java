package org.posthorn.server.pop3;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.posthorn.log.MailLog;
import org.posthorn.net.CommandReader;
import org.posthorn.net.Connection;
import org.posthorn.net.LineException;
import org.posthorn.net.MemoryShortageException;
import org.posthorn.protocol.pop3.Pop3Command;
import org.posthorn.protocol.pop3.Pop3CommandParser;
import org.posthorn.protocol.pop3.Pop3SyntaxException;
import org.posthorn.protocol.sasl.Grant;
import org.posthorn.protocol.sasl.SaslStep;

/** One POP3 connection: AUTHORIZATION until there is a maildrop, then TRANSACTION (RFC 1939 3). Used by one thread. */
final class Pop3Session {
    private final Pop3Server server;
    private final Connection connection;
    private final CommandReader reader;
    private final LoginCommands login;
    private final long started = System.nanoTime();

    private Optional<Maildrop> maildrop = Optional.empty();
    private Grant.Hold hold = () -> {};
    private int errors;
    private boolean closing;

    Pop3Session(Pop3Server server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.reader = new CommandReader(connection);
        this.login = new LoginCommands(this);
    }

    void run() throws IOException {
        String reason = "quit";
        try {
            reply("+OK " + server.config().hostname() + " Posthorn ready");
            while (!closing) {
                next();
            }
            connection.out().flush();
        } catch (MemoryShortageException e) {
            reason = "short of memory";
            // RFC 3206 4
            replyNow("-ERR [SYS/TEMP] Short of memory, try again later");
        } catch (SocketTimeoutException e) {
            // RFC 1939 3: the session closes without a reply, and without removing messages.
            reason = "timeout";
        } catch (IOException e) {
            reason = connection.windingDown() ? connection.farewell() : "disconnected";
        } finally {
            hold.close();
            maildrop.ifPresent(Maildrop::close);
            log().info("pop3", connection.id(), "session-end", "client", client(), "reason", reason);
        }
    }

    private void next() throws IOException {
        Pop3Command command;
        try {
            String line = reader.line(Pop3CommandParser.MAX_AUTH_LINE, patience());
            command = Pop3CommandParser.parse(line);
            if (line.length() > Pop3CommandParser.MAX_LINE && !(command instanceof Pop3Command.Auth)) {
                throw new LineTooLong();
            }
        } catch (LineException e) {
            error(e.fault() == LineException.Fault.TOO_LONG ? "Line too long" : "Bare CR or LF");
            return;
        } catch (LineTooLong e) {
            error("Line too long");
            return;
        } catch (Pop3SyntaxException e) {
            error("Syntax error: " + e.getMessage());
            return;
        }
        if (connection.windingDown()) {
            throw new EOFException("server is stopping");
        }
        try {
            dispatch(command);
        } catch (RuntimeException e) {
            log().failure(MailLog.Level.ERROR, "pop3", connection.id(), "command-failed", e, "client", client());
            reply("-ERR [SYS/TEMP] Internal error");
        }
    }

    private void dispatch(Pop3Command command) throws IOException {
        switch (command) {
            case Pop3Command.Simple simple -> {
                switch (simple) {
                    case QUIT -> quit();
                    case CAPA -> CapaCommand.answer(this);
                    case STLS -> StlsCommand.answer(this);
                    case STAT, NOOP, RSET -> inTransaction(maildrop -> MaildropCommands.answer(this, maildrop, simple));
                }
            }
            case Pop3Command.User user -> inAuthorization(() -> login.user(user));
            case Pop3Command.Pass pass -> inAuthorization(() -> login.pass(pass));
            case Pop3Command.Auth auth -> inAuthorization(() -> login.auth(auth));
            case Pop3Command.ListSizes list ->
                inTransaction(maildrop -> ListingCommands.sizes(this, maildrop, list.number()));
            case Pop3Command.ListIds list ->
                inTransaction(maildrop -> ListingCommands.ids(this, maildrop, list.number()));
            case Pop3Command.Retr retr ->
                inTransaction(maildrop -> RetrieveCommands.retr(this, maildrop, retr.number()));
            case Pop3Command.Top top -> inTransaction(maildrop -> RetrieveCommands.top(this, maildrop, top));
            case Pop3Command.Dele dele ->
                inTransaction(maildrop -> MaildropCommands.delete(this, maildrop, dele.number()));
            case Pop3Command.Unknown() -> error("Unknown command");
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private interface MaildropStep {
        void run(Maildrop maildrop) throws IOException;
    }

    private void inAuthorization(Step step) throws IOException {
        if (maildrop.isPresent()) {
            error("You are logged in already");
        } else {
            step.run();
        }
    }

    private void inTransaction(MaildropStep step) throws IOException {
        if (maildrop.isEmpty()) {
            error("Log in first");
        } else {
            step.run(maildrop.get());
        }
    }

    /** RFC 1939 6: the UPDATE state, where QUIT leads from TRANSACTION. */
    private void quit() throws IOException {
        closing = true;
        if (maildrop.isEmpty()) {
            reply("+OK Bye");
            return;
        }
        try (Maildrop ended = maildrop.get()) {
            ended.update();
            reply("+OK Bye");
        } catch (IOException e) {
            log().failure(MailLog.Level.ERROR, "pop3", connection.id(), "expunge-failed", e, "client", client());
            reply("-ERR [SYS/TEMP] Some deleted messages were not removed");
        }
    }

    private Duration patience() {
        if (maildrop.isPresent()) {
            return server.config().idleTimeout();
        }
        Duration left = server.config().loginTimeout().minusNanos(System.nanoTime() - started);
        return left.isPositive() ? left : Duration.ZERO;
    }

    /** The client's next line within an AUTH exchange. */
    String responseLine() throws IOException {
        return reader.line(Pop3CommandParser.MAX_AUTH_LINE, patience());
    }

    /** Puts a reply into the buffer; it leaves with the next wait for a command (RFC 2449 6.6). */
    void reply(String line) throws IOException {
        connection.out().println(line);
    }

    void replyNow(String line) throws IOException {
        reply(line);
        connection.out().flush();
    }

    /** A refusal that counts: a client that never gets it right is sent away. */
    void error(String text) throws IOException {
        reply("-ERR " + text);
        if (++errors >= server.config().maxErrors()) {
            closing = true;
        }
    }

    void opened(Maildrop opened, Grant grant) {
        maildrop = Optional.of(opened);
        hold = grant.whenOver(() -> connection.windDown(SaslStep.LOGIN_OVER));
        errors = 0;
    }

    boolean hasMaildrop() {
        return maildrop.isPresent();
    }

    /** Whether a password may come over this connection as it is. */
    boolean mayLogIn() {
        return connection.isTls() || server.config().plaintextLogin();
    }

    /** RFC 2595 4: after STLS what the client has said before does not count. */
    void secured() {
        login.forget();
    }

    Pop3Server server() {
        return server;
    }

    Connection connection() {
        return connection;
    }

    String client() {
        return connection.remote().getAddress().getHostAddress();
    }

    MailLog log() {
        return server.services().log();
    }

    private static final class LineTooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        LineTooLong() {
            super("line too long", null, false, false);
        }
    }
}
