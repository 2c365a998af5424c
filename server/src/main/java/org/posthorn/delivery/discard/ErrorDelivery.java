package org.posthorn.delivery.discard;

import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;

/**
 * Returns mail to its sender with the words of the route, as Postfix's error(8): {@code 5.7.1 We do not write to them}. Without an
 * enhanced status of a permanent failure (RFC 3463) it is 5.4.1, "no answer from host". Thread-safe.
 */
public final class ErrorDelivery implements DeliveryAgent {
    private static final EnhancedStatus NO_STATUS = new EnhancedStatus(5, 4, 1);

    @Override
    public void deliver(Destination destination, Jobs jobs) {
        String words = destination.name().strip();
        Optional<EnhancedStatus> status = EnhancedStatus.startOf(words).filter(EnhancedStatus::isPermanentFailure);
        String text = status.map(
                        given -> words.substring(given.toString().length()).strip())
                .orElse(words);
        DeliveryOutcome failed = new DeliveryOutcome.Failed(
                "none",
                status.orElse(NO_STATUS),
                text.isEmpty() ? "mail to there is returned by a route" : text,
                false);
        for (Optional<Job> job = jobs.next(); job.isPresent(); job = jobs.next()) {
            for (Address recipient : job.get().recipients()) {
                job.get().settle(recipient, failed);
            }
        }
    }
}
