package org.posthorn.intake.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.delivery.routing.LiteralDirectory;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.SmtpClient;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.authentication.AuthenticationObserver;
import org.posthorn.intake.authentication.DispositionRules;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.intake.authentication.VerdictLog;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;

/** What a server of ours in front has judged is not judged again, and its results stand. */
class BehindFrontTest {
    private static InboundAuthentication authentication() {
        AuthenticationConfig config = Inbound.strict();
        InstantSource clock = InstantSource.system();
        return new InboundAuthentication(
                "mx.posthorn.test",
                config,
                new MessageAuthenticator(new ZoneResolver(), "mx.posthorn.test", config.patience(), false, clock),
                new DispositionRules(config, new LiteralDirectory(Domain.parse("posthorn.test"), Map.of())::isLocal),
                new VerdictLog("smtpd", AuthenticationObserver.NONE, new Metrics(), clock, MailLog.none()));
    }

    @Test
    void whatAServerInFrontHasJudgedIsNotJudgedAgain() throws Exception {
        SmtpClient front = new SmtpClient(
                "s1",
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 40000),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 24),
                "front.example.org",
                "LMTP",
                Optional.empty(),
                Optional.empty());
        Envelope envelope = new Envelope(
                Optional.of(Address.parse("a@x.test")), List.of(Address.parse("b@posthorn.test")), false, false);
        HeaderField results = HeaderField.of("Authentication-Results", "mx.posthorn.test; spf=pass");
        InboundAuthentication judging = authentication();
        assertThat(judging.begin(front, envelope)).isPresent();
        assertThat(judging.isForged(results)).isTrue();
        assertThat(judging.byClients().begin(front, envelope)).isEmpty();
        assertThat(judging.byClients().isForged(results)).isFalse();
    }
}
