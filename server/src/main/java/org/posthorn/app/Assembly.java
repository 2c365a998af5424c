package org.posthorn.app;

import java.io.Closeable;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.certificates.CertificateException;
import org.posthorn.certificates.OwnAuthority;
import org.posthorn.certificates.ServerCertificates;
import org.posthorn.delivery.remote.RemoteDelivery;
import org.posthorn.delivery.remote.TlsPolicy;
import org.posthorn.delivery.routing.LocalFirstRouter;
import org.posthorn.delivery.routing.StaticRoutes;
import org.posthorn.dns.DnsjavaResolver;
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
import org.posthorn.mail.Address;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.net.SessionHandler;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.queue.Router;
import org.posthorn.reporting.DmarcObserver;
import org.posthorn.server.AccountLocks;
import org.posthorn.server.Port;
import org.posthorn.server.Services;
import org.posthorn.signing.DkimSigners;
import org.posthorn.signing.SigningTable;

/**
 * Everything that is made from one configuration, over the {@link Stores} that outlast it: certificates, resolver, the way out, signers,
 * pipelines, and what serves each port. Immutable; a reload makes another one whole and puts it in this one's place, and sessions that
 * have begun go on with theirs. Thread-safe.
 */
final class Assembly implements Services, Closeable {
    private final Configuration configuration;
    private final Stores stores;
    private final BooleanSupplier crowded;
    private final ServerCertificates certificates;
    private final Resolver resolver;
    private final Router router;
    private final RemoteDelivery remote;
    private final SigningTable signing;
    private final DkimSigners signers;
    private final Map<Port, SessionHandler> handlers = new HashMap<>();

    /**
     * Makes all of it.
     *
     * @param crowded whether connections run short
     * @throws IOException its certificates cannot be read, or not be made where none are configured
     */
    Assembly(Configuration configuration, Stores stores, BooleanSupplier crowded) throws IOException {
        this.configuration = configuration;
        this.stores = stores;
        this.crowded = crowded;
        certificates = certificates(configuration, stores);
        resolver = new DnsjavaResolver(configuration.dns(), stores.clock(), stores.metrics());
        router = new LocalFirstRouter(stores.directory(), configuration.routes(), stores.log());
        remote = new RemoteDelivery(
                configuration.delivery(),
                resolver,
                TlsPolicy.OPPORTUNISTIC,
                stores.reporting(),
                RandomGenerator.getDefault(),
                stores.log());
        signing = new SigningTable(configuration::signing, stores.keys(), stores.directory()::isLocal);
        signers = new DkimSigners(signing, stores.log());
        configuration.protocols().forEach(protocol -> handlers.putAll(protocol.handlers(this)));
    }

    /** Our own are where the data is that is open: another place counts from the next start on. */
    private static ServerCertificates certificates(Configuration configuration, Stores stores) throws IOException {
        try {
            return ServerCertificates.read(
                    configuration.certificates().isEmpty()
                            ? List.of(new OwnAuthority(stores.opened().data().ownCertificates(), stores.clock())
                                    .certificateFor(List.of(configuration.hostname(), "localhost", "127.0.0.1", "::1")))
                            : configuration.certificates());
        } catch (CertificateException e) {
            throw new IOException("tls: " + e.getMessage(), e);
        }
    }

    Configuration configuration() {
        return configuration;
    }

    /** What clients find wrong with our certificates at present, a line each. */
    List<String> certificateFaults() {
        return certificates.faults(configuration.hostname(), stores.clock().instant());
    }

    void warnOfCertificates() {
        certificateFaults().forEach(fault -> log().warning("server", "", "certificate", "fault", fault));
    }

    /** What serves a port of the protocols that are configured. */
    SessionHandler handler(Port port) {
        return Objects.requireNonNull(handlers.get(port), () -> "nothing serves " + port);
    }

    Resolver resolver() {
        return resolver;
    }

    Router router() {
        return router;
    }

    RemoteDelivery remote() {
        return remote;
    }

    SigningTable signing() {
        return signing;
    }

    /** Takes leave of servers whose connections are kept. Deliveries that have begun go on. */
    @Override
    public void close() {
        remote.close();
    }

    @Override
    public MailboxStore mailboxes() {
        return stores.mailboxes();
    }

    @Override
    public SaslMechanisms sasl() {
        return stores.sasl();
    }

    @Override
    public LoginGuard guard() {
        return stores.guard();
    }

    @Override
    public AccountLocks locks() {
        return stores.locks();
    }

    @Override
    public TlsContext tls() {
        return certificates.context();
    }

    @Override
    public MessageIntake inbound() {
        return inbound(authentication());
    }

    @Override
    public MessageIntake behindFront() {
        return inbound(authentication().byClients());
    }

    private InboundAuthentication authentication() {
        return new InboundAuthentication(
                configuration.hostname(), configuration.authentication(), authenticator(), rules(), verdicts("smtpd"));
    }

    private MessageIntake inbound(InboundAuthentication authentication) {
        return new InboundPipeline(
                new EnvelopePolicy(stores.directory(), preview()),
                stores.spool(),
                configuration.hostname(),
                authentication,
                new ForwardSealer(stores.directory(), signers, clock(), log()),
                clock(),
                log());
    }

    @Override
    public MessageIntake submission() {
        return new SubmissionPipeline(
                configuration.intake(),
                stores.directory(),
                preview(),
                stores.spool(),
                signers,
                clock(),
                RandomGenerator.getDefault(),
                log());
    }

    /** Where mail will go, as far as intake wants to know: by aliases and accounts. */
    private Router preview() {
        return new LocalFirstRouter(stores.directory(), StaticRoutes.NONE, log())::preview;
    }

    /** The postmaster of the first domain; the directory says to whose mailbox that is. */
    @Override
    public Optional<Address> postmaster() {
        return stores.directory().domains().stream().findFirst().map(domain -> new Address("postmaster", domain));
    }

    @Override
    public boolean crowded() {
        return crowded.getAsBoolean();
    }

    @Override
    public DkimSigners signers() {
        return signers;
    }

    @Override
    public MessageAuthenticator authenticator() {
        AuthenticationConfig judging = configuration.authentication();
        return new MessageAuthenticator(
                resolver, configuration.hostname(), judging.patience(), judging.publicSuffixList(), clock());
    }

    @Override
    public DispositionRules rules() {
        return new DispositionRules(configuration.authentication(), stores.directory()::isLocal);
    }

    @Override
    public VerdictLog verdicts(String component) {
        boolean byList = configuration.authentication().publicSuffixList();
        return new VerdictLog(
                component, new DmarcObserver(stores.reporting(), byList), stores.metrics(), clock(), log());
    }

    @Override
    public InstantSource clock() {
        return stores.clock();
    }

    @Override
    public MailLog log() {
        return stores.log();
    }
}
