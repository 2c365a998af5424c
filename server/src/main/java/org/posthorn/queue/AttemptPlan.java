package org.posthorn.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.posthorn.protocol.smtp.EnhancedStatus;

/**
 * One attempt at a message: which addresses go to which destination, and who can be routed nowhere. Each address of a
 * destination is delivered to once, however many recipients lead there. Used by one thread.
 */
final class AttemptPlan {
    /** Addresses in one delivery (RFC 5321 4.5.3.1.8 asks for at least 100). */
    private static final int MAX_ADDRESSES = 1000;

    /** Hops that one recipient may expand to. */
    static final int MAX_HOPS = 10_000;

    /** A recipient without a way. */
    record Unrouted(RecipientProgress recipient, DeliveryOutcome outcome) {}

    private final QueueEntry entry;
    private final Set<String> transports;
    private final QueuedMessage message;
    private final long nowMillis;
    private final Map<Destination, List<Delivery>> byDestination = new LinkedHashMap<>(2);
    private final Map<Router.Hop, Delivery> byHop = new HashMap<>(2);
    private final List<Unrouted> unrouted = new ArrayList<>(0);
    private final List<RecipientProgress> finished = new ArrayList<>(0);

    /** @param transports there are: a hop by another waits until somebody mends the configuration */
    AttemptPlan(QueueEntry entry, QueuedMessage message, Set<String> transports, long nowMillis) {
        this.entry = entry;
        this.transports = transports;
        this.message = message;
        this.nowMillis = nowMillis;
    }

    /** Routes the recipients, for each of which an attempt has begun. */
    void route(List<RecipientProgress> recipients, Router router) {
        for (RecipientProgress recipient : recipients) {
            switch (ask(router, recipient)) {
                case Router.Route.To to
                when to.hops().size() > MAX_HOPS ->
                    unrouted.add(new Unrouted(recipient, failed("5.4.6", "alias expands to too many addresses")));
                case Router.Route.To to
                when missing(to.hops()).isPresent() ->
                    unrouted.add(new Unrouted(
                            recipient,
                            deferred(
                                    "4.3.5",
                                    "no transport " + missing(to.hops()).get() + " is configured")));
                case Router.Route.To to -> add(recipient, to.hops());
                case Router.Route.Unroutable no ->
                    unrouted.add(new Unrouted(recipient, failed(no.status(), no.text())));
                case Router.Route.Unknown unknown ->
                    unrouted.add(new Unrouted(recipient, deferred(unknown.status(), unknown.text())));
            }
        }
    }

    private static Router.Route ask(Router router, RecipientProgress recipient) {
        try {
            return router.route(recipient.address());
        } catch (RuntimeException e) {
            return new Router.Route.Unknown("4.3.0", "routing failed: " + e);
        }
    }

    private static DeliveryOutcome failed(String status, String text) {
        return new DeliveryOutcome.Failed("none", status(status, new EnhancedStatus(5, 4, 0)), text, false);
    }

    private static DeliveryOutcome deferred(String status, String text) {
        return new DeliveryOutcome.Deferred("none", status(status, new EnhancedStatus(4, 4, 0)), text, false);
    }

    private Optional<String> missing(List<Router.Hop> hops) {
        return hops.stream()
                .map(hop -> hop.destination().transport())
                .filter(name -> !transports.contains(name))
                .findFirst();
    }

    private static EnhancedStatus status(String text, EnhancedStatus otherwise) {
        return EnhancedStatus.startOf(text).orElse(otherwise);
    }

    private void add(RecipientProgress recipient, List<Router.Hop> hops) {
        int left = 0;
        for (Router.Hop hop : hops) {
            if (!isFinished(hop)) {
                add(recipient, hop);
                left++;
            }
        }
        if (left == 0) {
            finished.add(recipient);
        } else {
            recipient.outstanding = left;
        }
    }

    private boolean isFinished(Router.Hop hop) {
        for (RecipientProgress recipient : entry.recipients) {
            if (recipient.hasFinished(hop)) {
                return true;
            }
        }
        return false;
    }

    private void add(RecipientProgress recipient, Router.Hop hop) {
        @Nullable Delivery known = byHop.get(hop);
        if (known == null) {
            known = deliveryFor(hop.destination(), recipient);
            byHop.put(hop, known);
        }
        known.add(hop, recipient);
    }

    private Delivery deliveryFor(Destination destination, RecipientProgress recipient) {
        List<Delivery> deliveries = byDestination.computeIfAbsent(destination, name -> new ArrayList<>(1));
        boolean repeat = entry.stored.isRecovered() || recipient.attempts() > 0;
        if (deliveries.isEmpty()
                || deliveries.getLast().size() >= MAX_ADDRESSES
                || deliveries.getLast().mayBeRepeat != repeat) {
            deliveries.add(new Delivery(entry, message, destination, repeat, nowMillis));
        }
        return deliveries.getLast();
    }

    List<Delivery> deliveries() {
        return byDestination.values().stream().flatMap(List::stream).toList();
    }

    List<Unrouted> unrouted() {
        return unrouted;
    }

    /** Recipients of whom everything was done before. */
    List<RecipientProgress> finished() {
        return finished;
    }
}
