package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.testing.MemoryQueueStore;

class DestinationQueueTest {
    private static final Destination FAR = Destination.smtp("far.test");
    private static final DeliveryOutcome.Deferred WHY = (DeliveryOutcome.Deferred) ScriptedAgent.unreachable();

    private final DestinationQueue queue = new DestinationQueue(FAR, 2);

    private static Delivery delivery() {
        QueueId id = new QueueId("0123456789A");
        QueueEntry entry =
                new QueueEntry(MemoryQueueStore.message(id, QueueBench.envelope("a@here.test", "b@far.test")));
        QueuedMessage message =
                new QueuedMessage(id, entry.arrived(), entry.envelope, MessageContent.of(new byte[] {1}));
        Delivery delivery = new Delivery(entry, message, FAR, false, 0);
        delivery.add(new Router.Hop(FAR, Address.parse("b@far.test")), entry.recipients[0]);
        return delivery;
    }

    @Test
    void wantsAgentsUpToItsConcurrencyWhileThereIsWork() {
        assertThat(queue.wantsSlot()).isFalse();
        queue.add(delivery());
        assertThat(queue.wantsSlot()).isTrue();
        queue.queuedForSlot(true);
        assertThat(queue.wantsSlot()).isFalse();
        queue.queuedForSlot(false);
        queue.slotTaken();
        assertThat(queue.wantsSlot()).isTrue();
        queue.slotTaken();
        assertThat(queue.wantsSlot()).isFalse();
        queue.slotFreed();
        assertThat(queue.wantsSlot()).isTrue();
        assertThat(queue.take()).isPresent();
        assertThat(queue.take()).isEmpty();
        assertThat(queue.wantsSlot()).isFalse();
    }

    /** A host that did not answer is asked by one connection until it does. */
    @Test
    void afterAFailureOneAgentAtATime() {
        queue.add(delivery());
        assertThat(queue.failed(WHY)).isEqualTo(1);
        assertThat(queue.failed(WHY)).isEqualTo(2);
        assertThat(queue.wantsSlot()).isTrue();
        queue.slotTaken();
        assertThat(queue.wantsSlot()).isFalse();
        queue.answered();
        assertThat(queue.wantsSlot()).isTrue();
        assertThat(queue.failed(WHY)).isEqualTo(1);
    }

    @Test
    void isSuspendedUntilItsTimeAndNoLonger() {
        assertThat(queue.suspension(0)).isEmpty();
        queue.failed(WHY);
        queue.suspend(10, 1000);
        assertThat(queue.notBeforeMillis()).isEqualTo(1000);
        assertThat(queue.suspension(999)).contains(WHY);
        assertThat(queue.suspension(10)).contains(WHY);
        // The clock was set back.
        assertThat(queue.suspension(9)).isEmpty();
        assertThat(queue.suspension(1000)).isEmpty();
        queue.answered();
        assertThat(queue.suspension(999)).isEmpty();
        assertThat(queue.notBeforeMillis()).isZero();
    }

    @Test
    void isForgottenWhenThereIsNothingWorthRemembering() {
        assertThat(queue.isIdle(0, 100)).isTrue();
        queue.add(delivery());
        assertThat(queue.hasWork()).isTrue();
        assertThat(queue.isIdle(0, 100)).isFalse();
        assertThat(queue.takeAll()).hasSize(1);
        assertThat(queue.hasWork()).isFalse();
        assertThat(queue.isIdle(0, 100)).isTrue();
        queue.slotTaken();
        assertThat(queue.isIdle(0, 100)).isFalse();
        queue.slotFreed();
        queue.queuedForSlot(true);
        assertThat(queue.isIdle(0, 100)).isFalse();
        queue.queuedForSlot(false);
        queue.failed(WHY);
        queue.suspend(0, 1000);
        assertThat(queue.isIdle(1100, 100)).isFalse();
        assertThat(queue.isIdle(1101, 100)).isTrue();
    }

    @Test
    void aDeliverySettlesEachAddressOnce() {
        Delivery delivery = delivery();
        Address second = Address.parse("c@far.test");
        assertThat(delivery.has(second)).isFalse();
        delivery.add(new Router.Hop(FAR, second), delivery.entry.recipients[0]);
        assertThat(delivery.has(second)).isTrue();
        assertThat(delivery.size()).isEqualTo(2);
        assertThat(delivery.addresses()).containsExactly(Address.parse("b@far.test"), second);
        assertThat(delivery.isSettled()).isFalse();
        assertThat(delivery.settle(second, ScriptedAgent.delivered())).isFalse();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> delivery.settle(second, ScriptedAgent.delivered())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("c@far.test is settled already");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> delivery.settle(Address.parse("d@far.test"), ScriptedAgent.delivered())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("d@far.test is not of this job");
        DeliveryOutcome.Deferred rest = new DeliveryOutcome.Deferred("none", new EnhancedStatus(4, 3, 0), "x", false);
        delivery.deferRest(rest);
        assertThat(delivery.isSettled()).isTrue();
        assertThat(delivery.targets())
                .extracting(target -> target.outcome())
                .containsExactly(Optional.of(rest), Optional.of(ScriptedAgent.delivered()));
        assertThat(List.copyOf(delivery.entry.pending())).hasSize(1);
    }
}
