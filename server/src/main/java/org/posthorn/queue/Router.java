package org.posthorn.queue;

import java.util.List;
import org.posthorn.mail.Address;

/** Says where a recipient's mail goes. Asked anew at each attempt, so that changed configuration and aliases take effect. Thread-safe. */
public interface Router {
    Route route(Address recipient);

    /** Where mail for one recipient goes. */
    sealed interface Route {
        /** To these, each with the final address there: one, or several when the recipient is an alias. */
        record To(List<Hop> hops) implements Route {
            public To {
                hops = List.copyOf(hops);
            }
        }

        /** Nowhere, ever: bounce with this status and text. */
        record Unroutable(String status, String text) implements Route {}

        /** Not known at present: try again later. */
        record Unknown(String status, String text) implements Route {}
    }

    /** One destination and the address to deliver to there. */
    record Hop(Destination destination, Address address) {}
}
