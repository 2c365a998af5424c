package org.posthorn.delivery.discard;

import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;

/** Throws mail away, as Postfix's discard(8): the log has a line for each recipient, and nobody is told. Thread-safe. */
public final class DiscardDelivery implements DeliveryAgent {
    @Override
    public void deliver(Destination destination, Jobs jobs) {
        String text = destination.name().isEmpty() ? "discarded" : "discarded: " + destination.name();
        DeliveryOutcome discarded = new DeliveryOutcome.Delivered("none", new EnhancedStatus(2, 0, 0), text);
        for (Optional<Job> job = jobs.next(); job.isPresent(); job = jobs.next()) {
            for (Address recipient : job.get().recipients()) {
                job.get().settle(recipient, discarded);
            }
        }
    }
}
