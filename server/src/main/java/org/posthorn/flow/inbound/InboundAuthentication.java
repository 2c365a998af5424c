package org.posthorn.flow.inbound;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.posthorn.flow.SmtpClient;
import org.posthorn.flow.authentication.Authentication;
import org.posthorn.flow.authentication.AuthenticationConfig;
import org.posthorn.flow.authentication.AuthenticationObserver;
import org.posthorn.flow.authentication.Authenticator;
import org.posthorn.flow.authentication.Disposition;
import org.posthorn.flow.authentication.DispositionRules;
import org.posthorn.flow.authentication.MessageAuthentication;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.dkim.DkimVerdict;

/** How mail from elsewhere is judged, decided upon, counted and written down. Thread-safe. */
public final class InboundAuthentication {
    private static final String COMPONENT = "smtpd";

    private final String hostname;
    private final AuthenticationConfig config;
    private final Authenticator authenticator;
    private final DispositionRules rules;
    private final AuthenticationObserver observer;
    private final InstantSource clock;
    private final MailLog log;
    private final Counter spf;
    private final Counter dkim;
    private final Counter arc;
    private final Counter dmarc;
    private final Counter dispositions;

    /** @param hostname our name, which is our authserv-id */
    public InboundAuthentication(
            String hostname,
            AuthenticationConfig config,
            Authenticator authenticator,
            AuthenticationObserver observer,
            Metrics metrics,
            InstantSource clock,
            MailLog log) {
        this.hostname = hostname;
        this.config = config;
        this.authenticator = authenticator;
        this.rules = new DispositionRules(config);
        this.observer = observer;
        this.clock = clock;
        this.log = log;
        this.spf = metrics.counter("posthorn_authentication_spf", "Messages by SPF result", "result");
        this.dkim = metrics.counter("posthorn_authentication_dkim", "Signatures by DKIM result", "result");
        this.arc = metrics.counter("posthorn_authentication_arc", "Messages by ARC result", "result");
        this.dmarc = metrics.counter("posthorn_authentication_dmarc", "Messages by DMARC result", "result");
        this.dispositions = metrics.counter(
                "posthorn_authentication_dispositions", "Judged messages by what became of them", "disposition");
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
        spf.increment(message.spfResult());
        message.dkim().forEach(verdict -> dkim.increment(verdict.result().text()));
        arc.increment(message.arc().map(verdict -> verdict.result().text()).orElse("temperror"));
        dmarc.increment(message.dmarc().result().text());
        dispositions.increment(disposition.name());
        write(queueId, message, disposition);
        observer.judged(message, disposition, envelope, clock.instant());
        return disposition;
    }

    private void write(String queueId, Authentication message, Disposition disposition) {
        log.info(
                COMPONENT,
                queueId,
                "authentication",
                "from",
                message.dmarc().author().orElse("-"),
                "iprev",
                message.iprev().result().name().toLowerCase(Locale.ROOT),
                "spf",
                message.spfResult(),
                "spf-domain",
                message.spf().map(verdict -> verdict.domain()).orElse("-"),
                "dkim",
                signatures(message.dkim()),
                "arc",
                message.arc().map(verdict -> verdict.result().text()).orElse("temperror"),
                "dmarc",
                message.dmarc().result().text(),
                "policy",
                message.dmarc().policy().name().toLowerCase(Locale.ROOT),
                "disposition",
                disposition.name(),
                "override",
                disposition
                        .override()
                        .map(why -> why.name().toLowerCase(Locale.ROOT))
                        .orElse("-"),
                "why",
                message.listDamage().orElse(String.join("; ", message.dmarc().reasons())));
    }

    private static String signatures(List<DkimVerdict> verdicts) {
        return verdicts.stream()
                .map(verdict -> verdict.domain().isEmpty()
                        ? verdict.result().text()
                        : verdict.domain() + ":" + verdict.result().text())
                .collect(Collectors.joining(","));
    }
}
