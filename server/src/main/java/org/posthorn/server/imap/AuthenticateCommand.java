package org.posthorn.server.imap;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.net.LineException;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.sasl.SaslServer;
import org.posthorn.protocol.sasl.SaslStep;

/** AUTHENTICATE (RFC 3501 6.2.2), with an initial response (RFC 4959). */
final class AuthenticateCommand {
    private AuthenticateCommand() {}

    static Reply run(ImapSession session, ImapCommand.Authenticate command) throws IOException {
        if (!CapabilityCommand.mayLogIn(session)) {
            return LoginCommand.privacyRequired();
        }
        if (LoginCommand.isBarred(session)) {
            return LoginCommand.barred();
        }
        Optional<SaslServer> started = LoginCommand.mechanisms(session)
                .start(command.mechanism(), CapabilityCommand.bindings(session.connection()));
        if (started.isEmpty()) {
            return Reply.no("CANNOT", "Unsupported authentication mechanism");
        }
        SaslServer sasl = started.get();
        SaslStep step = command.initialResponse().isPresent()
                ? sasl.stepBase64(command.initialResponse().get())
                : sasl.firstChallenge();
        while (step instanceof SaslStep.Challenge challenge) {
            session.out().line("+ " + challenge.base64());
            session.out().flush();
            String response = response(session);
            // 6.2.2: "If the client wishes to cancel ... it issues a line consisting of a single *"
            if (response.equals("*")) {
                return Reply.bad("Authentication cancelled");
            }
            step = sasl.stepBase64(response);
        }
        return LoginCommand.conclude(session, command.mechanism(), step);
    }

    private static String response(ImapSession session) {
        try {
            return session.reader().plainLine();
        } catch (IOException | LineException e) {
            throw new Disconnected("connection lost in AUTHENTICATE");
        }
    }
}
