package org.posthorn.server.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.net.Connection;
import org.posthorn.net.LineException;
import org.posthorn.protocol.sasl.ChannelBindings;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.protocol.sasl.SaslServer;
import org.posthorn.protocol.sasl.SaslStep;
import org.posthorn.protocol.smtp.SmtpCommand;
import org.posthorn.protocol.smtp.SmtpReply;

/** AUTH (RFC 4954): the exchange from the command to its outcome. */
final class AuthCommand {
    private final SmtpSession session;
    private final String mechanism;

    private AuthCommand(SmtpSession session, String mechanism) {
        this.session = session;
        this.mechanism = mechanism;
    }

    /** On submission ports, and under TLS only (RFC 8314 3.3): there the password is not for everybody to read. */
    static boolean isOffered(SmtpSession session) {
        return session.config().role() == SmtpRole.SUBMISSION
                && session.services().sasl().isPresent()
                && session.connection().isTls();
    }

    /** The line of EHLO. */
    static String announcement(SmtpSession session) {
        return "AUTH "
                + String.join(" ", session.services().sasl().orElseThrow().offered(bindings(session.connection())));
    }

    static SmtpReply answer(SmtpSession session, SmtpCommand.Auth auth) throws IOException {
        if (!isOffered(session)) {
            return session.config().role() == SmtpRole.SUBMISSION
                            && session.services().sasl().isPresent()
                    ? SmtpReply.of(538, "5.7.11", "Must issue a STARTTLS command first")
                    : SmtpReply.of(502, "5.5.1", "AUTH is not offered here");
        }
        // RFC 4954 4: after EHLO, once in a session, not within a transaction.
        if (session.hello().isEmpty()
                || session.authenticated()
                || session.transaction().isPresent()) {
            return SmtpReply.of(503, "5.5.1", "Not now");
        }
        InetAddress client = session.connection().remote().getAddress();
        LoginGuard guard = session.services().guard();
        SaslMechanisms mechanisms = session.services()
                .sasl()
                .orElseThrow()
                .behind(name -> guard.admits(client, name), check -> guard.inTurn(client, check));
        Optional<SaslServer> server = mechanisms.start(auth.mechanism(), bindings(session.connection()));
        if (server.isEmpty()) {
            return SmtpReply.of(504, "5.5.4", "Unknown authentication mechanism");
        }
        if (guard.isBarred(client)) {
            session.log().loginRefused(auth.mechanism(), "too many failures", "");
            return SmtpReply.of(454, "4.7.0", "Too many failed logins, try again later");
        }
        return new AuthCommand(session, auth.mechanism().toUpperCase(Locale.ROOT))
                .exchange(server.get(), auth.initialResponse());
    }

    private static ChannelBindings bindings(Connection connection) {
        return ChannelBindings.of(connection.tlsExporter(), connection.serverCertificate());
    }

    private SmtpReply exchange(SaslServer server, Optional<String> initialResponse) throws IOException {
        SaslStep step =
                initialResponse.isPresent() ? server.stepBase64(initialResponse.get()) : server.firstChallenge();
        while (step instanceof SaslStep.Challenge challenge) {
            session.sendNow(SmtpReply.plain(334, challenge.base64()));
            String response;
            try {
                response = session.responseLine();
            } catch (LineException e) {
                // RFC 4954 4
                return e.fault() == LineException.Fault.TOO_LONG
                        ? SmtpReply.of(500, "5.5.6", "Authentication line too long")
                        : SmtpSession.lineFault(e);
            }
            if (response.equals("*")) {
                return SmtpReply.of(501, "5.7.0", "Authentication cancelled");
            }
            step = server.stepBase64(response);
        }
        return outcome(step);
    }

    private SmtpReply outcome(SaslStep step) throws IOException {
        return switch (step) {
            case SaslStep.Success success -> admit(success);
            case SaslStep.Failure failure -> refusal(failure);
            case SaslStep.Challenge ignored -> throw new IllegalStateException("exchange goes on");
        };
    }

    private SmtpReply admit(SaslStep.Success success) {
        return switch (session.connection().memory().logIn(success.account().toString())) {
            case TOO_MANY_SESSIONS -> SmtpReply.of(454, "4.7.0", "Too many sessions of this account");
            case NO_MEMORY -> SmtpReply.of(454, "4.7.0", "Short of memory, try again later");
            case ADMITTED -> {
                session.services()
                        .guard()
                        .succeeded(
                                session.connection().remote().getAddress(),
                                success.account().toString());
                session.authenticated(success);
                session.log().loggedIn(mechanism, success.account());
                yield SmtpReply.of(235, "2.7.0", "Authentication successful");
            }
        };
    }

    private SmtpReply refusal(SaslStep.Failure failure) throws IOException {
        session.log().loginRefused(mechanism, failure.detail(), failure.name());
        return switch (failure.reason()) {
            case SYNTAX -> SmtpReply.of(501, "5.5.2", "Malformed response");
            case CREDENTIALS -> {
                Duration delay = session.services()
                        .guard()
                        .failed(
                                session.connection().remote().getAddress(),
                                session.services().sasl().orElseThrow().identity(failure.name()));
                session.pause(delay);
                yield SmtpReply.of(535, "5.7.8", "Authentication credentials invalid");
            }
            case TEMPORARY -> SmtpReply.of(454, "4.7.0", "Temporary authentication failure");
        };
    }
}
