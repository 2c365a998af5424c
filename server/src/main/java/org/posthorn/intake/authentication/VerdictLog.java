package org.posthorn.intake.authentication;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.posthorn.log.Counter;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.dkim.DkimVerdict;

/** Counts what was found out about messages and what becomes of them, writes it down, and tells the observer. Thread-safe. */
public final class VerdictLog {
    private final String component;
    private final AuthenticationObserver observer;
    private final InstantSource clock;
    private final MailLog log;
    private final Counter spf;
    private final Counter dkim;
    private final Counter arc;
    private final Counter dmarc;
    private final Counter dispositions;

    /** @param component who judges, for the log; all count together */
    public VerdictLog(
            String component, AuthenticationObserver observer, Metrics metrics, InstantSource clock, MailLog log) {
        this.component = component;
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

    /** A message was judged, and this becomes of it. */
    public void judged(String queueId, Envelope envelope, Authentication message, Disposition disposition) {
        spf.increment(message.spfResult());
        message.dkim().forEach(verdict -> dkim.increment(verdict.result().text()));
        arc.increment(message.arc().map(verdict -> verdict.result().text()).orElse("temperror"));
        dmarc.increment(message.dmarc().result().text());
        dispositions.increment(disposition.name());
        write(queueId, message, disposition);
        observer.judged(message, disposition, envelope, clock.instant());
    }

    private void write(String queueId, Authentication message, Disposition disposition) {
        log.info(
                component,
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
