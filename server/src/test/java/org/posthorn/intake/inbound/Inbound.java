package org.posthorn.intake.inbound;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.delivery.routing.LocalFirstRouter;
import org.posthorn.delivery.routing.StaticRoutes;
import org.posthorn.directory.Directory;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.authentication.AuthenticationObserver;
import org.posthorn.intake.authentication.DispositionRules;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.intake.authentication.VerdictLog;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Network;
import org.posthorn.protocol.dmarc.Policy;
import org.posthorn.queue.Spool;
import org.posthorn.signing.DkimSigners;

/** Pipelines for tests, of mx.posthorn.test. */
final class Inbound {
    private Inbound() {}

    /** Everything enforced, nobody exempt. */
    static AuthenticationConfig strict() {
        return new AuthenticationConfig(
                true,
                List.of(),
                Duration.ofSeconds(30),
                true,
                false,
                Policy.QUARANTINE,
                Policy.QUARANTINE,
                Map.of(),
                Map.of(),
                Set.of("lists.example"));
    }

    static InboundPipeline withoutJudging(Directory directory, Spool spool, InstantSource clock, MailLog log) {
        List<Network> all = List.of(Network.parse("0.0.0.0/0"), Network.parse("::/0"));
        AuthenticationConfig config = new AuthenticationConfig(
                true,
                all,
                Duration.ofSeconds(30),
                true,
                false,
                Policy.QUARANTINE,
                Policy.QUARANTINE,
                Map.of(),
                Map.of(),
                Set.of("lists.example"));
        return judging(config, new ZoneResolver(), AuthenticationObserver.NONE, directory, spool, clock, log);
    }

    static InboundPipeline judging(
            AuthenticationConfig config,
            Resolver resolver,
            AuthenticationObserver observer,
            Directory directory,
            Spool spool,
            InstantSource clock,
            MailLog log) {
        return sealing(config, resolver, observer, directory, new DkimSigners(_ -> List.of(), log), spool, clock, log);
    }

    /** With these keys for mail that goes on. */
    static InboundPipeline sealing(
            AuthenticationConfig config,
            Resolver resolver,
            AuthenticationObserver observer,
            Directory directory,
            DkimSigners signers,
            Spool spool,
            InstantSource clock,
            MailLog log) {
        String hostname = "mx.posthorn.test";
        MessageAuthenticator authenticator =
                new MessageAuthenticator(resolver, hostname, config.patience(), false, clock);
        return new InboundPipeline(
                new EnvelopePolicy(directory, new LocalFirstRouter(directory, StaticRoutes.NONE, log)::preview),
                spool,
                hostname,
                new InboundAuthentication(
                        hostname,
                        config,
                        authenticator,
                        new DispositionRules(config, directory::isLocal),
                        new VerdictLog("smtpd", observer, new Metrics(), clock, log)),
                new ForwardSealer(directory, signers, clock, log),
                clock,
                log);
    }
}
