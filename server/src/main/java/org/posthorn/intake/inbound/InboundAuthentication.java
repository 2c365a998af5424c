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
    /** Whether clients judge their mail themselves. */
    private final boolean byClients;

    /** @param hostname our name, which is our authserv-id */
    public InboundAuthentication(
            String hostname,
            AuthenticationConfig config,
            MessageAuthenticator authenticator,
            DispositionRules rules,
            VerdictLog verdicts) {
        this(hostname, config, authenticator, rules, verdicts, false);
    }

    private InboundAuthentication(
            String hostname,
            AuthenticationConfig config,
            MessageAuthenticator authenticator,
            DispositionRules rules,
            VerdictLog verdicts,
            boolean byClients) {
        this.byClients = byClients;
        this.hostname = hostname;
        this.config = config;
        this.authenticator = authenticator;
        this.rules = rules;
        this.verdicts = verdicts;
    }

    /** The same for servers of ours in front, which have judged: it is not done again, and what they have written into the header stays. */
    public InboundAuthentication byClients() {
        return new InboundAuthentication(hostname, config, authenticator, rules, verdicts, true);
    }

    /** Begins to judge a message; empty for clients whose mail is not judged. */
    Optional<MessageAuthentication> begin(SmtpClient client, Envelope envelope) {
        return !byClients && config.concerns(client.remote().getAddress())
                ? Optional.of(authenticator.begin(client.remote().getAddress(), client.helo(), envelope.sender()))
                : Optional.empty();
    }

    /** Whether a field pretends to be ours (RFC 8601 5). */
    boolean isForged(HeaderField field) {
        return !byClients && AuthenticationResults.claims(field, hostname);
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
