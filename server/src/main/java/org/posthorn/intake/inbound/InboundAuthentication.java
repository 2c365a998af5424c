package org.posthorn.intake.inbound;

import java.util.Optional;
import org.posthorn.intake.SmtpClient;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.authentication.Disposition;
import org.posthorn.intake.authentication.DispositionRules;
import org.posthorn.intake.authentication.MessageAuthentication;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.intake.authentication.VerdictLog;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.authres.AuthenticationResults;

/** How mail from elsewhere is judged, decided upon, counted and written down. Thread-safe. */
public final class InboundAuthentication {
    private final String hostname;
    private final AuthenticationConfig config;
    private final MessageAuthenticator authenticator;
    private final DispositionRules rules;
    private final VerdictLog verdicts;

    /** @param hostname our name, which is our authserv-id */
    public InboundAuthentication(
            String hostname,
            AuthenticationConfig config,
            MessageAuthenticator authenticator,
            DispositionRules rules,
            VerdictLog verdicts) {
        this.hostname = hostname;
        this.config = config;
        this.authenticator = authenticator;
        this.rules = rules;
        this.verdicts = verdicts;
    }

    /** Begins to judge a message; empty for clients whose mail is not judged. */
    Optional<MessageAuthentication> begin(SmtpClient client, Envelope envelope) {
        return config.concerns(client.remote().getAddress())
                ? Optional.of(authenticator.begin(client.remote().getAddress(), client.helo(), envelope.sender()))
                : Optional.empty();
    }

    /** Whether a field pretends to be ours (RFC 8601 5). */
    boolean isForged(HeaderField field) {
        return AuthenticationResults.claims(field, hostname);
    }

    /** Our field for the message, with its final CRLF. */
    String field(Authentication message) {
        return new AuthenticationResults(hostname, message.results()).text();
    }

    /** Decides what becomes of a message, and tells everybody. */
    Disposition decide(String queueId, Envelope envelope, Authentication message) {
        Disposition disposition = rules.decide(message);
        verdicts.judged(queueId, envelope, message, disposition);
        return disposition;
    }
}
