package org.posthorn.delivery.remote;

import java.io.Closeable;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.client.smtp.OutgoingMessage;
import org.posthorn.client.smtp.SmtpClientConnection;
import org.posthorn.client.smtp.SmtpClientSettings;
import org.posthorn.client.smtp.SmtpHost;
import org.posthorn.client.smtp.SmtpResult;
import org.posthorn.client.smtp.SmtpSessionException;
import org.posthorn.client.smtp.TlsOutcome;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.queue.DeliveryAgent.Job;
import org.posthorn.queue.DeliveryOutcome;

/**
 * Carries the messages of one destination, over one connection as long as it lasts. Used by one thread.
 */
final class SmtpDelivery implements Closeable {
    /** Servers that a message is offered to, one after another, when each refuses it for now. */
    private static final int MAX_SESSIONS = 3;

    private static final DeliveryOutcome UNTRIED =
            new DeliveryOutcome.Deferred("none", new EnhancedStatus(4, 4, 1), "no host could be tried", false);

    private final String destination;
    private final RemoteDeliveryConfig config;
    private final HostFinder finder;
    private final TlsPolicy tlsPolicy;
    private final TlsSessions sessions;
    private final IdleConnections idle;
    private final MailLog log;

    private Optional<SmtpClientConnection> open = Optional.empty();
    private Optional<DeliveryOutcome> unreachable = Optional.empty();

    SmtpDelivery(
            String destination,
            RemoteDeliveryConfig config,
            HostFinder finder,
            TlsPolicy tlsPolicy,
            TlsSessions sessions,
            IdleConnections idle,
            MailLog log) {
        this.destination = destination;
        this.config = config;
        this.finder = finder;
        this.tlsPolicy = tlsPolicy;
        this.sessions = sessions;
        this.idle = idle;
        this.log = log;
    }

    /** One message on its way: who has not been settled yet, and why not. */
    private static final class Load {
        final Job job;
        final Map<Address, DeliveryOutcome> reasons = new HashMap<>();
        List<Address> pending;

        Load(Job job) {
            this.job = job;
            this.pending = List.copyOf(job.recipients());
        }

        /** Why not yet. A server's word about the recipient outlasts another server's being out of reach. */
        void keep(Address recipient, DeliveryOutcome.Deferred reason) {
            reasons.merge(
                    recipient,
                    reason,
                    (old, latest) -> old instanceof DeliveryOutcome.Deferred known && known.remote() && !reason.remote()
                            ? old
                            : latest);
        }

        void settleKept() {
            pending.forEach(recipient -> job.settle(recipient, reasons.getOrDefault(recipient, UNTRIED)));
            pending = List.of();
        }

        void settleRest(DeliveryOutcome outcome) {
            pending.forEach(recipient -> job.settle(recipient, outcome));
            pending = List.of();
        }
    }

    /** Settles every recipient of the job. */
    void carry(Job job) {
        Load load = new Load(job);
        if (unreachable.isPresent()) {
            load.settleRest(unreachable.get());
            return;
        }
        reuse(load);
        if (load.pending.isEmpty()) {
            return;
        }
        switch (finder.find(destination)) {
            case Hosts.Nowhere(EnhancedStatus status, String text)
            when status.isPermanentFailure() ->
                load.settleRest(new DeliveryOutcome.Failed("none", status, text, false));
            case Hosts.Nowhere(EnhancedStatus status, String text) ->
                load.settleRest(new DeliveryOutcome.Deferred("none", status, text, false));
            case Hosts.Found found -> tryEach(found.servers(), load);
        }
    }

    /** The connection that the message before came over, of this call or of one a moment ago. */
    private void reuse(Load load) {
        if (open.isEmpty()) {
            open = idle.take(destination);
        }
        if (open.isEmpty()) {
            return;
        }
        SmtpClientConnection connection = open.get();
        if (!connection.isUsable() || connection.messages() >= config.messagesPerConnection()) {
            hangUp();
            return;
        }
        send(connection, load);
    }

    private void tryEach(List<SmtpHost> servers, Load load) {
        int tried = 0;
        int opened = 0;
        DeliveryOutcome last = UNTRIED;
        for (SmtpHost server : servers) {
            if (load.pending.isEmpty() || tried == config.maxAddresses() || opened == MAX_SESSIONS) {
                break;
            }
            hangUp();
            tried++;
            try {
                SmtpClientConnection connection =
                        SmtpClientConnection.open(server, settings(server), listener(server), log);
                open = Optional.of(connection);
                opened++;
                send(connection, load);
            } catch (SmtpSessionException e) {
                DeliveryOutcome.Deferred reason = unusable(server, e);
                load.pending.forEach(recipient -> load.keep(recipient, reason));
                last = reason;
                log.info("smtp", load.job.message().id().text(), "host-unusable", "server", server, "reason", e.text());
            }
        }
        if (opened == 0) {
            // Nobody is there: what else is due for this destination would only wait for the same time-outs.
            unreachable = Optional.of(last);
        }
        load.settleKept();
    }

    /** RFC 8460 4: sessions are told of by policy domain; where the way is configured, no domain chose it. */
    private TlsOutcome.Listener listener(SmtpHost server) {
        if (!(NextHop.parse(destination, config.port()).orElse(null) instanceof NextHop.MailDomain(String domain))) {
            return TlsOutcome.Listener.NONE;
        }
        AppliedPolicy policy = tlsPolicy.applied(destination, server.host());
        return outcome -> sessions.ended(new TlsSessions.Session(domain, policy, server, outcome));
    }

    private SmtpClientSettings settings(SmtpHost server) {
        Optional<? extends InetAddress> source =
                server.address() instanceof Inet4Address ? config.source4() : config.source6();
        return new SmtpClientSettings(
                config.hostName(),
                source.map(address -> address),
                tlsPolicy.forHost(destination, server.host()),
                Optional.ofNullable(config.logins().get(destination)),
                config.timeouts());
    }

    /** A host that cannot be used is never a reason to give up: a greeting of 5yz turns us away, not the message. */
    private static DeliveryOutcome.Deferred unusable(SmtpHost server, SmtpSessionException cause) {
        EnhancedStatus status = temporary(cause.status());
        return new DeliveryOutcome.Deferred(
                server.toString(), status, cause.text(), cause.reply().isPresent());
    }

    private static EnhancedStatus temporary(EnhancedStatus status) {
        return new EnhancedStatus(4, status.subject(), status.detail());
    }

    /** Sends to all who are pending; settles those whose fate is sealed and keeps the others for the next host. */
    private void send(SmtpClientConnection connection, Load load) {
        load.job.connected();
        OutgoingMessage message = new OutgoingMessage(
                load.job.message().envelope().sender(),
                load.pending,
                load.job.message().envelope().smtpUtf8(),
                load.job.message().content());
        List<SmtpResult> results = connection.send(message);
        String relay = connection.server().toString();
        List<Address> kept = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Address recipient = load.pending.get(i);
            DeliveryOutcome outcome = outcome(relay, results.get(i));
            if (outcome instanceof DeliveryOutcome.Deferred deferred && mayTryElsewhere(results.get(i))) {
                kept.add(recipient);
                load.keep(recipient, deferred);
            } else {
                load.job.settle(recipient, outcome);
            }
        }
        load.pending = kept;
        if (!connection.isUsable()) {
            hangUp();
        }
    }

    /** A message that the server may have after all is not given to another one at once. */
    private static boolean mayTryElsewhere(SmtpResult result) {
        return !(result instanceof SmtpResult.Broken broken && broken.mayHaveArrived());
    }

    private static DeliveryOutcome outcome(String relay, SmtpResult result) {
        return switch (result) {
            case SmtpResult.Replied(SmtpReply reply) -> replied(relay, reply);
            case SmtpResult.Unfit(EnhancedStatus status, String text) ->
                new DeliveryOutcome.Failed(relay, status, text, false);
            case SmtpResult.Broken broken -> new DeliveryOutcome.Deferred(relay, broken.status(), broken.text(), false);
        };
    }

    private static DeliveryOutcome replied(String relay, SmtpReply reply) {
        EnhancedStatus status = reply.status()
                .orElseGet(() -> new EnhancedStatus(reply.isSuccess() ? 2 : reply.isPermanentFailure() ? 5 : 4, 0, 0));
        if (reply.isSuccess()) {
            return new DeliveryOutcome.Delivered(relay, status, reply.toString());
        }
        if (reply.isPermanentFailure()) {
            return new DeliveryOutcome.Failed(relay, status, reply.toString(), true);
        }
        // RFC 5321 4.2.1: 4yz, and a 3yz where none belongs, mean try again.
        return new DeliveryOutcome.Deferred(relay, temporary(status), reply.toString(), true);
    }

    private void hangUp() {
        open.ifPresent(SmtpClientConnection::close);
        open = Optional.empty();
    }

    /** What is still good is left to the next. */
    @Override
    public void close() {
        open.ifPresent(connection -> idle.keep(destination, connection));
        open = Optional.empty();
    }
}
