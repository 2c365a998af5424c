package org.posthorn.app;

import java.util.function.Supplier;
import org.posthorn.mail.Address;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Router;

/** The way out, replaceable while deliveries run: each delivery uses what was in force when it began. Thread-safe. */
record Outbound(Supplier<Assembly> inForce) implements Router, DeliveryAgent {
    @Override
    public Route route(Address recipient) {
        return inForce.get().router().route(recipient);
    }

    @Override
    public void deliver(Destination destination, Jobs jobs) {
        inForce.get().remote().deliver(destination, jobs);
    }
}
