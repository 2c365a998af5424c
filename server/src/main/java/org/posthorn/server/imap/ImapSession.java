package org.posthorn.server.imap;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.abuse.CpuTurns;
import org.posthorn.abuse.OverBudgetException;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.net.Connection;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.ImapSyntaxException;
import org.posthorn.protocol.imap.RequestParser;
import org.posthorn.protocol.sasl.Grant;
import org.posthorn.protocol.sasl.SaslStep;

/**
 * One client's session, from greeting to goodbye (RFC 3501 section 3 has its states). Runs on its connection's thread; only
 * {@link IdleCommand} lets another write, under {@link #writing}.
 */
final class ImapSession {
    private final ImapServer server;
    private final Connection connection;
    private final Responses out;
    private final RequestReader reader;
    private final ReentrantLock writing = new ReentrantLock();

    private @Nullable Address account;
    private @Nullable AccountMail mail;
    private Grant.Hold login = () -> {};
    private @Nullable SelectedMailbox selected;
    private boolean loggingOut;
    private int badCommands;
    private int loginFailures;
    private long loginDeadline;

    ImapSession(ImapServer server, Connection connection) {
        this.server = server;
        this.connection = connection;
        this.out = new Responses(connection.out());
        this.reader = new RequestReader(connection, out);
    }

    void run() throws IOException {
        loginDeadline = System.nanoTime() + config().loginTimeout().toNanos();
        String reason = "logout";
        try {
            out.untagged("OK [CAPABILITY " + CapabilityCommand.capabilities(this) + "] " + config().serverName()
                    + " Posthorn IMAP ready");
            out.flush();
            reason = converse();
        } catch (Disconnected e) {
            reason = e.reason();
        } finally {
            leave();
            log().info(
                            "imap",
                            id(),
                            "disconnect",
                            "reason",
                            reason,
                            "account",
                            name(),
                            "in",
                            connection.in().received());
        }
    }

    /** Serves requests until the end; returns its reason. */
    private String converse() {
        while (!loggingOut) {
            if (connection.windingDown()) {
                return bye(farewell());
            }
            RequestReader.Received received = reader.next(patience());
            if (connection.windingDown()) {
                return bye(farewell());
            }
            switch (received) {
                case RequestReader.Received.Command(RequestParser.Request request) ->
                    answer(request.tag(), request.command());
                case RequestReader.Received.Message message -> append(message);
                case RequestReader.Received.Refused refused -> {
                    if (!refuse(refused)) {
                        return bye("Too many invalid commands");
                    }
                }
                case RequestReader.Received.End() -> {
                    return "connection closed by client";
                }
                case RequestReader.Received.MemoryShort() -> {
                    // RFC 5530 3: UNAVAILABLE will pass.
                    return bye("[UNAVAILABLE] Short of memory, try again later");
                }
                case RequestReader.Received.TimedOut() -> {
                    return bye(isAuthenticated() ? "Idle for too long" : "Too slow to log in");
                }
            }
            if (badCommands > config().maxBadCommands()) {
                return bye("Too many invalid commands");
            }
            if (loginFailures >= config().maxLoginFailures()) {
                return bye("Too many failed logins");
            }
        }
        out.flush();
        return "logout";
    }

    private Duration patience() {
        return isAuthenticated()
                ? config().idleTimeout()
                : Duration.ofNanos(Math.max(1_000_000, loginDeadline - System.nanoTime()));
    }

    /** Why the session is winding down, as a sentence begins. */
    private String farewell() {
        String why = connection.farewell();
        return Character.toUpperCase(why.charAt(0)) + why.substring(1);
    }

    private String bye(String reason) {
        out.untagged("BYE " + reason);
        out.flush();
        return reason;
    }

    private void answer(String tag, ImapCommand command) {
        Reply reply = CommandStates.refusal(command, isAuthenticated(), selected != null)
                .orElseGet(() -> run(tag, command));
        if (reply.status() == Reply.Status.BAD) {
            complain(CommandStates.name(command), reply);
        }
        if (selected != null && CommandStates.mayAnnounce(command)) {
            announce(command, requireNonNull(selected));
        }
        out.line(reply.line(tag));
        afterwards(command, reply);
    }

    private Reply run(String tag, ImapCommand command) {
        try {
            return Commands.run(this, tag, command);
        } catch (MailboxException e) {
            return Reply.of(e);
        } catch (OverBudgetException e) {
            return Reply.no("LIMIT", String.valueOf(e.getMessage()));
        } catch (ImapSyntaxException e) {
            return Reply.bad(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return failed(CommandStates.name(command), e);
        } catch (Disconnected e) {
            throw e;
        } catch (RuntimeException e) {
            return failed(CommandStates.name(command), e);
        }
    }

    /** RFC 5530: SERVERBUG, an internal error; the client can do nothing about it, the log's reader can. */
    private Reply failed(String command, Exception cause) {
        log().failure(
                        MailLog.Level.ERROR,
                        "imap",
                        id(),
                        "command-failed",
                        cause,
                        "command",
                        command,
                        "account",
                        name());
        String text = "Internal error; see the server's log for session " + id();
        return cause instanceof IOException io ? Reply.failed(io, text) : Reply.no("SERVERBUG", text);
    }

    private void announce(ImapCommand command, SelectedMailbox view) {
        announce(view, CommandStates.mayExpunge(command), CommandStates.isUid(command));
    }

    /** Called under {@link #writing}, by whatever thread. */
    void announceInIdle() {
        announce(selected(), true, false);
    }

    private void announce(SelectedMailbox view, boolean expungeAllowed, boolean withUid) {
        try {
            view.announce(out, expungeAllowed, withUid);
        } catch (IOException e) {
            log().failure(MailLog.Level.ERROR, "imap", id(), "changes-failed", e, "account", name());
        }
    }

    /** What must follow the tagged response. */
    private void afterwards(ImapCommand command, Reply reply) {
        if (command instanceof ImapCommand.StartTls && reply.status() == Reply.Status.OK) {
            StartTlsCommand.handshake(this);
        }
    }

    private void append(RequestReader.Received.Message message) {
        Reply reply = isAuthenticated()
                ? AppendCommand.run(this, message)
                : AppendCommand.skip(this, message, Reply.bad("Please log in first"));
        if (reply.status() == Reply.Status.BAD) {
            complain("APPEND", reply);
        }
        if (selected != null) {
            announce(message.append(), requireNonNull(selected));
        }
        out.line(reply.line(message.tag()));
    }

    /** Answers what cannot be parsed; false when the session cannot go on. */
    private boolean refuse(RequestReader.Received.Refused refused) {
        if (refused.reply().status() == Reply.Status.BAD) {
            complain(refused.verb(), refused.reply());
        }
        out.line(refused.reply().line(refused.tag()));
        if (refused.pending() > 0) {
            if (refused.pending() > config().maxMessageSize()) {
                return false;
            }
            out.flush();
            AppendCommand.discard(this, refused.pending());
        }
        return true;
    }

    private void complain(String verb, Reply reply) {
        badCommands++;
        log().info("imap", id(), "bad-command", "command", verb, "reply", reply.text(), "account", name());
    }

    /** For a command that computes: shared fairly among accounts, bounded, and over when the client has gone. */
    CpuTurn turn() {
        return CpuTurns.OF_PROCESS.begin(name(), config().commandTime(), this::endIfGone);
    }

    private void endIfGone() {
        if (connection.peerIsGone()) {
            throw new Disconnected("connection closed by client");
        }
    }

    private void leave() {
        login.close();
        deselect();
        AccountMail open = mail;
        mail = null;
        if (open != null) {
            open.close();
        }
    }

    void deselect() {
        SelectedMailbox open = selected;
        selected = null;
        if (open != null) {
            open.mailbox().close();
        }
    }

    void select(SelectedMailbox mailbox) {
        selected = mailbox;
    }

    void logIn(SaslStep.Success success, AccountMail opened) {
        account = success.account();
        mail = opened;
        login = success.grant().whenOver(() -> connection.windDown(SaslStep.LOGIN_OVER));
    }

    void logOut() {
        loggingOut = true;
    }

    void loginFailed() {
        loginFailures++;
    }

    boolean isAuthenticated() {
        return mail != null;
    }

    /** The account's mail; only for commands that {@link CommandStates} lets in after login. */
    AccountMail mail() {
        return requireNonNull(mail);
    }

    /** The mailbox selected; only for commands that {@link CommandStates} lets in then. */
    SelectedMailbox selected() {
        return requireNonNull(selected);
    }

    /**
     * The mailbox of that name.
     *
     * @throws MailboxException when no mailbox can have it
     */
    MailboxName name(String text) throws MailboxException {
        try {
            return MailboxName.parse(text, config().separator());
        } catch (IllegalArgumentException e) {
            throw new MailboxException(MailboxException.Reason.CANNOT, "Not a mailbox name: " + e.getMessage());
        }
    }

    /** How the client sees a mailbox's name. */
    String text(MailboxName name) {
        return name.text(config().separator());
    }

    boolean hasSelected() {
        return selected != null;
    }

    boolean hasSelected(MailboxName name) {
        return selected != null && selected.mailbox().name().equals(name);
    }

    /** The account's name; "" before login. */
    String name() {
        return account == null ? "" : account.toString();
    }

    String id() {
        return connection.id();
    }

    Connection connection() {
        return connection;
    }

    Responses out() {
        return out;
    }

    RequestReader reader() {
        return reader;
    }

    ReentrantLock writing() {
        return writing;
    }

    ImapServer server() {
        return server;
    }

    ImapConfig config() {
        return server.config();
    }

    MailLog log() {
        return server.log();
    }
}
