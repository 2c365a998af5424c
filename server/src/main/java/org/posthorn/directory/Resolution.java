package org.posthorn.directory;

import java.util.List;
import org.posthorn.mail.Address;

/** Where mail for an address goes. */
public sealed interface Resolution {
    /** Into the mailbox of this account. */
    record Mailbox(Address account) implements Resolution {}

    /** To these addresses instead, local or not; at least one. */
    record Forward(List<Address> targets) implements Resolution {
        public Forward {
            targets = List.copyOf(targets);
        }
    }

    /** The domain is ours, the user is not. */
    record UnknownUser() implements Resolution {}

    /** The domain is not ours. */
    record NotLocal() implements Resolution {}
}
