package org.posthorn.server.imap;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.protocol.sasl.SaslStep;

/** LOGIN (RFC 3501 6.2.3), and the end that it shares with AUTHENTICATE. */
final class LoginCommand {
    private LoginCommand() {}

    static Reply run(ImapSession session, ImapCommand.Login command) throws IOException {
        if (!CapabilityCommand.mayLogIn(session)) {
            return privacyRequired();
        }
        if (isBarred(session)) {
            return barred();
        }
        return conclude(session, "LOGIN", mechanisms(session).login(command.user(), command.password()));
    }

    static Reply privacyRequired() {
        return Reply.no("PRIVACYREQUIRED", "Passwords are only taken under TLS");
    }

    /** Whether this client has failed so often, in whatever protocol, that its password is not even looked at. */
    static boolean isBarred(ImapSession session) {
        return session.server().guard().isBarred(client(session));
    }

    static Reply barred() {
        return Reply.no("UNAVAILABLE", "Too many failed logins; try again later");
    }

    /** The mechanisms for this client, which may have failed too often at an account. */
    static SaslMechanisms mechanisms(ImapSession session) {
        InetAddress client = client(session);
        LoginGuard guard = session.server().guard();
        return session.server()
                .mechanisms()
                .behind(name -> guard.admits(client, name), check -> guard.inTurn(client, check));
    }

    private static InetAddress client(ImapSession session) {
        return session.connection().remote().getAddress();
    }

    /** Logs in, or tells why not and slows the client down. */
    static Reply conclude(ImapSession session, String method, SaslStep outcome) throws IOException {
        return switch (outcome) {
            case SaslStep.Success success -> admit(session, method, success);
            case SaslStep.Failure failure -> failed(session, method, failure);
            case SaslStep.Challenge _ -> Reply.bad("Authentication is incomplete");
        };
    }

    private static Reply admit(ImapSession session, String method, SaslStep.Success success) throws IOException {
        return switch (session.connection().memory().logIn(success.account().toString())) {
            // RFC 5530 3: LIMIT, and UNAVAILABLE for what will pass.
            case TOO_MANY_SESSIONS -> Reply.no("LIMIT", "Too many sessions of this account");
            case NO_MEMORY -> Reply.no("UNAVAILABLE", "Short of memory, try again later");
            case ADMITTED -> {
                session.server()
                        .guard()
                        .succeeded(client(session), success.account().toString());
                session.logIn(success, session.server().store().open(success.account()));
                session.log()
                        .info(
                                "imap",
                                session.id(),
                                "login",
                                "account",
                                success.account(),
                                "method",
                                method,
                                "client",
                                session.connection().remote().getAddress().getHostAddress(),
                                "tls",
                                session.connection().isTls());
                yield Reply.ok("CAPABILITY " + CapabilityCommand.capabilities(session), "Logged in");
            }
        };
    }

    private static Reply failed(ImapSession session, String method, SaslStep.Failure failure) {
        session.log()
                .warning(
                        "imap",
                        session.id(),
                        "login-failed",
                        "name",
                        failure.name(),
                        "method",
                        method,
                        "client",
                        session.connection().remote().getAddress().getHostAddress(),
                        "reason",
                        failure.detail());
        return switch (failure.reason()) {
            case SYNTAX -> Reply.bad("Invalid authentication exchange");
            case TEMPORARY -> Reply.no("UNAVAILABLE", "Authentication is not possible at present");
            case CREDENTIALS -> {
                session.loginFailed();
                delay(
                        session,
                        session.server()
                                .guard()
                                .failed(
                                        client(session),
                                        session.server().mechanisms().identity(failure.name())));
                yield Reply.no("AUTHENTICATIONFAILED", "Authentication failed");
            }
        };
    }

    /** At least the configured time, and the longer the more often this client has failed, in whatever protocol. */
    private static void delay(ImapSession session, Duration byGuard) {
        Duration configured = session.config().loginFailureDelay();
        try {
            Thread.sleep(byGuard.compareTo(configured) > 0 && configured.isPositive() ? byGuard : configured);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Disconnected("interrupted");
        }
    }
}
