package org.posthorn.app;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.delivery.routing.LocalFirstRouter;
import org.posthorn.delivery.routing.StaticRoutes;
import org.posthorn.directory.Directory;
import org.posthorn.dns.Resolver;
import org.posthorn.intake.MessageIntake;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.authentication.DispositionRules;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.intake.authentication.VerdictLog;
import org.posthorn.intake.inbound.EnvelopePolicy;
import org.posthorn.intake.inbound.ForwardSealer;
import org.posthorn.intake.inbound.InboundAuthentication;
import org.posthorn.intake.inbound.InboundPipeline;
import org.posthorn.intake.submission.SubmissionPipeline;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.net.SessionHandler;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.queue.Router;
import org.posthorn.queue.Spool;
import org.posthorn.reporting.DmarcObserver;
import org.posthorn.reporting.Reporting;
import org.posthorn.server.imap.ImapServer;
import org.posthorn.server.milter.MilterServer;
import org.posthorn.server.milter.MilterServices;
import org.posthorn.server.pop3.Pop3Server;
import org.posthorn.server.smtp.SmtpConfig;
import org.posthorn.server.smtp.SmtpServer;
import org.posthorn.server.smtp.SmtpServices;
import org.posthorn.signing.DkimSigners;

/**
 * Makes the session handlers of all services for a configuration.
 *
 * @param resolver of the configuration in force, or of the one to come
 * @param crowded whether connections run short, so that idle ones should not be waited for long
 */
record Services(
        Directory directory,
        MailboxStore mailboxes,
        Spool spool,
        DkimSigners signers,
        SaslMechanisms sasl,
        LoginGuard guard,
        Pop3Server pop3,
        TlsContext tls,
        BooleanSupplier crowded,
        Resolver resolver,
        Reporting reporting,
        Metrics metrics,
        InstantSource clock,
        MailLog log) {

    Map<Service, SessionHandler> all(Configuration configuration) {
        Map<Service, SessionHandler> all = new EnumMap<>(Service.class);
        all.put(Service.SMTP, smtp(configuration.mx(), inbound(configuration), Optional.empty()));
        SessionHandler submission = smtp(configuration.submission(), submission(configuration), Optional.of(sasl));
        all.put(Service.SUBMISSION, submission);
        all.put(Service.SUBMISSIONS, submission);
        SessionHandler imap = new ImapServer(configuration.imap(), mailboxes, sasl, guard, Optional.of(tls), log);
        all.put(Service.IMAP, imap);
        all.put(Service.IMAPS, imap);
        // Always the same one: it knows which maildrops are locked.
        all.put(Service.POP3, pop3);
        all.put(Service.POP3S, pop3);
        all.put(Service.MILTER, milter(configuration));
        return all;
    }

    private SessionHandler milter(Configuration configuration) {
        DispositionRules rules = new DispositionRules(configuration.authentication(), directory::isLocal);
        return new MilterServer(
                configuration.milter(),
                new MilterServices(
                        signers, authenticator(configuration), rules, verdicts("milter", configuration), clock, log));
    }

    private VerdictLog verdicts(String component, Configuration configuration) {
        boolean byList = configuration.authentication().publicSuffixList();
        return new VerdictLog(component, new DmarcObserver(reporting, byList), metrics, clock, log);
    }

    private MessageAuthenticator authenticator(Configuration configuration) {
        AuthenticationConfig judging = configuration.authentication();
        return new MessageAuthenticator(
                resolver, configuration.hostname(), judging.patience(), judging.publicSuffixList(), clock);
    }

    private MessageIntake inbound(Configuration configuration) {
        return new InboundPipeline(
                new EnvelopePolicy(directory, preview()),
                spool,
                configuration.hostname(),
                new InboundAuthentication(
                        configuration.hostname(),
                        configuration.authentication(),
                        authenticator(configuration),
                        new DispositionRules(configuration.authentication(), directory::isLocal),
                        verdicts("smtpd", configuration)),
                new ForwardSealer(directory, signers, clock, log),
                clock,
                log);
    }

    /** Where mail will go, as far as intake wants to know: by aliases and accounts. */
    private Router preview() {
        return new LocalFirstRouter(directory, StaticRoutes.NONE, log)::preview;
    }

    private MessageIntake submission(Configuration configuration) {
        return new SubmissionPipeline(
                configuration.intake(), directory, preview(), spool, signers, clock, RandomGenerator.getDefault(), log);
    }

    private SessionHandler smtp(SmtpConfig config, MessageIntake intake, Optional<SaslMechanisms> mechanisms) {
        return new SmtpServer(
                config, new SmtpServices(intake, Optional.of(tls), mechanisms, guard, this::postmaster, crowded, log));
    }

    /** The postmaster of the first domain; the directory says to whose mailbox that is. */
    private Optional<Address> postmaster() {
        return directory.domains().stream().findFirst().map(domain -> new Address("postmaster", domain));
    }
}
