package org.posthorn.server.pop3;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.net.LineException;
import org.posthorn.net.SessionMemory;
import org.posthorn.protocol.pop3.Pop3Command;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.protocol.sasl.SaslServer;
import org.posthorn.protocol.sasl.SaslStep;

/** USER and PASS (RFC 1939 7), AUTH (RFC 5034), and the opening of the maildrop behind each of them. */
final class LoginCommands {
    private final Pop3Session session;
    private final SaslMechanisms sasl;
    private final LoginGuard guard;
    private Optional<String> name = Optional.empty();

    LoginCommands(Pop3Session session) {
        this.session = session;
        this.guard = session.server().services().guard();
        this.sasl = session.server()
                .services()
                .sasl()
                .behind(name -> guard.admits(client(), name), check -> guard.inTurn(client(), check));
    }

    void forget() {
        name = Optional.empty();
    }

    /** Says nothing about whether there is such a user. */
    void user(Pop3Command.User user) throws IOException {
        if (isBarred()) {
            return;
        }
        name = Optional.of(user.name());
        session.reply("+OK Send your password");
    }

    void pass(Pop3Command.Pass pass) throws IOException {
        if (isBarred()) {
            return;
        }
        if (name.isEmpty()) {
            session.error("USER first");
            return;
        }
        String user = name.get();
        name = Optional.empty();
        finish(sasl.login(user, pass.password()));
    }

    void auth(Pop3Command.Auth auth) throws IOException {
        if (auth.mechanism().isEmpty()) {
            list();
            return;
        }
        if (isBarred()) {
            return;
        }
        Optional<SaslServer> server = sasl.start(auth.mechanism().get(), CapaCommand.bindings(session.connection()));
        if (server.isEmpty()) {
            session.error("Unknown authentication mechanism");
            return;
        }
        exchange(server.get(), auth.initialResponse());
    }

    private void list() throws IOException {
        session.reply("+OK Mechanisms follow");
        if (session.mayLogIn()) {
            for (String mechanism : sasl.offered(CapaCommand.bindings(session.connection()))) {
                session.reply(mechanism);
            }
        }
        session.reply(".");
    }

    private void exchange(SaslServer server, Optional<String> initialResponse) throws IOException {
        SaslStep step =
                initialResponse.isPresent() ? server.stepBase64(initialResponse.get()) : server.firstChallenge();
        while (step instanceof SaslStep.Challenge challenge) {
            session.replyNow("+ " + challenge.base64());
            String response;
            try {
                response = session.responseLine();
            } catch (LineException e) {
                session.error("Malformed response");
                return;
            }
            if (response.equals("*")) {
                session.error("Authentication cancelled");
                return;
            }
            step = server.stepBase64(response);
        }
        finish(step);
    }

    private boolean isBarred() throws IOException {
        if (!session.mayLogIn()) {
            // RFC 2595 4, RFC 8314 3: no password in the clear.
            session.error("[AUTH] Use STLS first");
            return true;
        }
        if (guard.isBarred(client())) {
            session.error("[SYS/TEMP] Too many failed logins, try again later");
            return true;
        }
        return false;
    }

    private InetAddress client() {
        return session.connection().remote().getAddress();
    }

    private void finish(SaslStep step) throws IOException {
        switch (step) {
            case SaslStep.Success success -> open(success);
            case SaslStep.Failure failure -> refuse(failure);
            case SaslStep.Challenge ignored -> throw new IllegalStateException("exchange goes on");
        }
    }

    private void refuse(SaslStep.Failure failure) throws IOException {
        session.log()
                .warning(
                        "pop3",
                        session.connection().id(),
                        "login-failed",
                        "client",
                        session.client(),
                        "user",
                        failure.name(),
                        "reason",
                        failure.detail());
        switch (failure.reason()) {
            case SYNTAX -> session.error("Malformed response");
            case CREDENTIALS -> {
                pause(failure.name());
                session.error("[AUTH] Wrong name or password");
            }
            case TEMPORARY -> session.error("[SYS/TEMP] Cannot check passwords at present");
        }
    }

    private void pause(String name) throws IOException {
        try {
            Thread.sleep(guard.failed(client(), sasl.identity(name)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void open(SaslStep.Success success) throws IOException {
        guard.succeeded(client(), success.account().toString());
        Address account = success.account();
        if (!session.server().lock(account)) {
            session.error("[IN-USE] Another session has the maildrop");
            return;
        }
        SessionMemory.Login login = session.connection().memory().logIn(account.toString());
        if (login != SessionMemory.Login.ADMITTED) {
            session.server().unlock(account);
            session.error(
                    login == SessionMemory.Login.NO_MEMORY
                            ? "[SYS/TEMP] Short of memory, try again later"
                            : "[IN-USE] Too many sessions of this account");
            return;
        }
        try {
            Maildrop maildrop = Maildrop.open(session.server(), account);
            session.opened(maildrop, success.grant());
            session.log()
                    .info(
                            "pop3",
                            session.connection().id(),
                            "login",
                            "client",
                            session.client(),
                            "account",
                            account,
                            "messages",
                            maildrop.count());
            session.reply("+OK Logged in, " + maildrop.count() + " messages");
        } catch (IOException | MailboxException | RuntimeException e) {
            session.server().unlock(account);
            session.log()
                    .failure(MailLog.Level.ERROR, "pop3", session.connection().id(), "open-failed", e);
            session.error("[SYS/TEMP] Cannot open the maildrop");
        }
    }
}
