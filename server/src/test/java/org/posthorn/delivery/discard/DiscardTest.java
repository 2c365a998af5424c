package org.posthorn.delivery.discard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueuedMessage;

class DiscardTest {
    private final List<String> settled = new ArrayList<>();
    private final List<DeliveryOutcome> outcomes = new ArrayList<>();

    private final class OneJob implements DeliveryAgent.Job {
        private final List<Address> recipients;

        OneJob(String... recipients) {
            this.recipients = List.of(recipients).stream().map(Address::parse).toList();
        }

        @Override
        public QueuedMessage message() {
            Envelope envelope = new Envelope(Optional.empty(), recipients, false, false);
            return new QueuedMessage(
                    new QueueId("0123456789A"), Instant.EPOCH, envelope, MessageContent.of(new byte[] {1}));
        }

        @Override
        public List<Address> recipients() {
            return recipients;
        }

        @Override
        public void settle(Address recipient, DeliveryOutcome outcome) {
            settled.add(recipient.toString());
            outcomes.add(outcome);
        }
    }

    private void deliver(DeliveryAgent agent, String transport, String words) {
        List<DeliveryAgent.Job> jobs =
                new ArrayList<>(List.of(new OneJob("a@x.test", "b@x.test"), new OneJob("c@x.test")));
        agent.deliver(
                new Destination(transport, words),
                () -> jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.removeFirst()));
    }

    @Test
    void discardsForEveryRecipientOfEveryMessage() {
        deliver(new DiscardDelivery(), "discard", "");
        assertThat(settled).containsExactly("a@x.test", "b@x.test", "c@x.test");
        assertThat(outcomes)
                .containsOnly(new DeliveryOutcome.Delivered("none", new EnhancedStatus(2, 0, 0), "discarded"));
        outcomes.clear();
        deliver(new DiscardDelivery(), "discard", "robots");
        assertThat(outcomes).extracting(DeliveryOutcome::text).containsOnly("discarded: robots");
    }

    private DeliveryOutcome returned(String words) {
        outcomes.clear();
        deliver(new ErrorDelivery(), "error", words);
        assertThat(outcomes).hasSize(3).containsOnly(outcomes.getFirst());
        return outcomes.getFirst();
    }

    @Test
    void returnsWithTheWordsOfTheRoute() {
        assertThat(returned("5.7.1 We do not write to them"))
                .isEqualTo(new DeliveryOutcome.Failed(
                        "none", new EnhancedStatus(5, 7, 1), "We do not write to them", false));
        assertThat(settled).containsExactly("a@x.test", "b@x.test", "c@x.test");
        assertThat(returned("gone"))
                .isEqualTo(new DeliveryOutcome.Failed("none", new EnhancedStatus(5, 4, 1), "gone", false));
        // What is no permanent failure does not become one by its number.
        assertThat(returned("4.2.1 later").text()).isEqualTo("4.2.1 later");
        assertThat(returned("").text()).isEqualTo("mail to there is returned by a route");
        assertThat(returned("5.1.6").status()).isEqualTo(new EnhancedStatus(5, 1, 6));
    }
}
