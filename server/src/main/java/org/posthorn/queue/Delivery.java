package org.posthorn.queue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.Address;

/** One message on its way to one destination. Made by one thread, then owned by the worker that delivers it. */
final class Delivery {
    /** One address and the recipients who are reached by it. */
    static final class Target {
        final Router.Hop hop;
        final List<RecipientProgress> recipients = new ArrayList<>(1);
        private @Nullable DeliveryOutcome outcome;

        Target(Router.Hop hop) {
            this.hop = hop;
        }

        Optional<DeliveryOutcome> outcome() {
            return Optional.ofNullable(outcome);
        }

        void settle(DeliveryOutcome result) {
            if (outcome != null) {
                throw new IllegalStateException(hop.address() + " is settled already");
            }
            outcome = result;
        }
    }

    final QueueEntry entry;
    final QueuedMessage message;
    final Destination destination;
    final boolean mayBeRepeat;
    final long activatedMillis;
    long startedMillis;
    /** When a server was ready; 0 while there is none. */
    long connectedMillis;

    private final Map<Address, Target> targets = new LinkedHashMap<>(2);
    private int unsettled;

    Delivery(
            QueueEntry entry,
            QueuedMessage message,
            Destination destination,
            boolean mayBeRepeat,
            long activatedMillis) {
        this.entry = entry;
        this.message = message;
        this.destination = destination;
        this.mayBeRepeat = mayBeRepeat;
        this.activatedMillis = activatedMillis;
        this.startedMillis = activatedMillis;
    }

    int size() {
        return targets.size();
    }

    boolean has(Address address) {
        return targets.containsKey(address);
    }

    void add(Router.Hop hop, RecipientProgress recipient) {
        Target target = targets.computeIfAbsent(hop.address(), address -> {
            unsettled++;
            return new Target(hop);
        });
        target.recipients.add(recipient);
    }

    Iterable<Target> targets() {
        return targets.values();
    }

    List<Address> addresses() {
        return List.copyOf(targets.keySet());
    }

    /** Records how one address went; true when it was the last. */
    boolean settle(Address address, DeliveryOutcome outcome) {
        @Nullable Target target = targets.get(address);
        if (target == null) {
            throw new IllegalArgumentException(address + " is not of this job");
        }
        target.settle(outcome);
        unsettled--;
        return unsettled == 0;
    }

    boolean isSettled() {
        return unsettled == 0;
    }

    /** Defers every address that has no outcome. */
    void deferRest(DeliveryOutcome.Deferred outcome) {
        for (Target target : targets.values()) {
            if (target.outcome().isEmpty()) {
                target.settle(outcome);
            }
        }
        unsettled = 0;
    }
}
