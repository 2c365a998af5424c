package org.posthorn.app;

import java.util.List;
import org.posthorn.delivery.discard.DiscardDelivery;
import org.posthorn.delivery.discard.ErrorDelivery;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.QueueConfig;
import org.posthorn.queue.Transport;

/** The ways by which mail leaves the queue: one line for each. */
final class Transports {
    private Transports() {}

    static List<Transport> of(QueueConfig config, DeliveryAgent local, DeliveryAgent remote) {
        return List.of(
                new Transport(Transport.LOCAL, local, config.localConcurrency(), config.localTotal()),
                new Transport(Transport.SMTP, remote, config.remoteConcurrency(), config.remoteTotal()),
                new Transport(Transport.DISCARD, new DiscardDelivery(), 1, 1),
                new Transport(Transport.ERROR, new ErrorDelivery(), 1, 1));
    }
}
