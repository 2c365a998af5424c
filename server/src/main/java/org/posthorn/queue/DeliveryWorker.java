package org.posthorn.queue;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.Address;

/** One agent at work: hands it jobs, and watches whether its destination answers. Used by the agent's thread. */
final class DeliveryWorker implements DeliveryAgent.Jobs {
    private final Dispatcher dispatcher;
    private final DestinationQueue queue;
    private final DeliveryListener listener;
    private final InstantSource clock;
    private @Nullable Job current;
    private boolean answer;
    private boolean asked;
    private DeliveryOutcome.@Nullable Deferred deferral;

    DeliveryWorker(Dispatcher dispatcher, DestinationQueue queue, DeliveryListener listener, InstantSource clock) {
        this.dispatcher = dispatcher;
        this.queue = queue;
        this.listener = listener;
        this.clock = clock;
    }

    @Override
    public Optional<DeliveryAgent.Job> next() {
        end();
        asked = true;
        Optional<Delivery> delivery = dispatcher.take(queue);
        if (delivery.isEmpty()) {
            return Optional.empty();
        }
        delivery.get().startedMillis = clock.millis();
        Job job = new Job(delivery.get());
        current = job;
        return Optional.of(job);
    }

    /** Ends the job in hand: what the agent has not settled is deferred. */
    void end() {
        Job job = current;
        current = null;
        if (job != null && !job.delivery.isSettled()) {
            deferral = Dispatcher.unfinished();
            job.delivery.deferRest(deferral);
            listener.ended(job.delivery);
        }
    }

    /** Whether any recipient was taken or refused for good. */
    boolean hasAnswer() {
        return answer;
    }

    /**
     * Why the destination should be left alone for a while, if it should: nobody was reached ({@code relay} is
     * {@code none}), or the agent gave up with everything deferred though there was more to do, or before it asked for a job at
     * all. An agent that asked and found that another had taken the job is none of these, even if the next job comes
     * before it has left. Mailboxes here are never left alone for what was deferred.
     */
    Optional<DeliveryOutcome.Deferred> trouble(boolean moreToDo) {
        if (!asked && moreToDo) {
            return Optional.of(Dispatcher.unfinished());
        }
        if (deferral == null || queue.destination.isMailbox()) {
            return Optional.empty();
        }
        boolean nobody = !deferral.remote() && deferral.relay().equals("none");
        return nobody || moreToDo ? Optional.of(deferral) : Optional.empty();
    }

    private final class Job implements DeliveryAgent.Job {
        private final Delivery delivery;

        Job(Delivery delivery) {
            this.delivery = delivery;
        }

        @Override
        public QueuedMessage message() {
            return delivery.message;
        }

        @Override
        public List<Address> recipients() {
            return delivery.addresses();
        }

        @Override
        public boolean mayBeRepeat() {
            return delivery.mayBeRepeat;
        }

        @Override
        public void connected() {
            delivery.connectedMillis = clock.millis();
        }

        @Override
        public void settle(Address recipient, DeliveryOutcome outcome) {
            if (outcome instanceof DeliveryOutcome.Deferred deferred) {
                deferral = deferred;
            } else {
                answer = true;
            }
            if (delivery.settle(recipient, outcome)) {
                listener.ended(delivery);
            }
        }
    }
}
