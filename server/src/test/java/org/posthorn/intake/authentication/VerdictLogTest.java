package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.arc.ArcResult;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.spf.SpfIdentity;
import org.posthorn.protocol.spf.SpfResult;
import org.posthorn.testing.RecordedLog;

class VerdictLogTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:15:30Z");
    private static final Envelope ENVELOPE = new Envelope(
            Optional.of(Address.parse("a@sender.example")), List.of(Address.parse("b@posthorn.test")), false, false);

    private final RecordedLog log = new RecordedLog();
    private final Metrics metrics = new Metrics();
    private final List<String> observed = new ArrayList<>();
    private final VerdictLog verdicts = new VerdictLog(
            "smtpd",
            (message, disposition, envelope, when) ->
                    observed.add(disposition.name() + " " + envelope.sender().orElseThrow() + " " + when),
            metrics,
            InstantSource.fixed(NOW),
            log);

    private List<String> counted() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.writeTo(out);
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("posthorn_authentication"))
                .toList();
    }

    @Test
    void countsWritesDownAndTells() throws IOException {
        Authentication message = Verdicts.of(
                Optional.of(Verdicts.spf(SpfIdentity.MAIL_FROM, SpfResult.SOFTFAIL, "sender.example")),
                List.of(
                        Verdicts.dkim(DkimResult.PASS, "author.example"),
                        Verdicts.dkim(DkimResult.FAIL, "other.example"),
                        Verdicts.dkim(DkimResult.NEUTRAL, "")),
                Optional.of(Verdicts.chain(ArcResult.FAIL, 0)),
                AuthorDomain.of("a@author.example"),
                Verdicts.dmarc(DmarcVerdict.Result.FAIL, "v=DMARC1; p=quarantine; t=y"));
        verdicts.judged(
                "ID",
                ENVELOPE,
                message,
                new Disposition.Accept(Optional.of(Disposition.PolicyOverride.POLICY_TEST_MODE)));
        assertThat(log.lines())
                .containsExactly("smtpd ID: authentication [from, author.example, iprev, pass, spf, softfail,"
                        + " spf-domain, sender.example, dkim, author.example:pass,other.example:fail,neutral,"
                        + " arc, fail, dmarc, fail, policy, quarantine, disposition, none,"
                        + " override, policy_test_mode, why, why]");
        assertThat(observed).containsExactly("none a@sender.example 2026-11-23T20:15:30Z");
        assertThat(counted())
                .contains(
                        "posthorn_authentication_spf_total{result=\"softfail\"} 1.0",
                        "posthorn_authentication_dkim_total{result=\"pass\"} 1.0",
                        "posthorn_authentication_dkim_total{result=\"fail\"} 1.0",
                        "posthorn_authentication_dkim_total{result=\"neutral\"} 1.0",
                        "posthorn_authentication_arc_total{result=\"fail\"} 1.0",
                        "posthorn_authentication_dmarc_total{result=\"fail\"} 1.0",
                        "posthorn_authentication_dispositions_total{disposition=\"none\"} 1.0");
    }

    @Test
    void whatCameToNoEndIsATemporaryError() throws IOException {
        Authentication message = Verdicts.of(
                Optional.empty(),
                List.of(),
                Optional.empty(),
                new AuthorDomain.Unusable(AuthorDomain.Fault.ABSENT),
                Verdicts.dmarc(DmarcVerdict.Result.TEMPERROR, Optional.empty()));
        verdicts.judged("ID", ENVELOPE, message, new Disposition.Quarantine(Optional.empty()));
        assertThat(log.lines())
                .containsExactly("smtpd ID: authentication [from, -, iprev, pass, spf, temperror, spf-domain, -,"
                        + " dkim, , arc, temperror, dmarc, temperror, policy, none, disposition, quarantine,"
                        + " override, -, why, why]");
        assertThat(counted())
                .contains(
                        "posthorn_authentication_spf_total{result=\"temperror\"} 1.0",
                        "posthorn_authentication_arc_total{result=\"temperror\"} 1.0",
                        "posthorn_authentication_dmarc_total{result=\"temperror\"} 1.0",
                        "posthorn_authentication_dispositions_total{disposition=\"quarantine\"} 1.0");
    }
}
