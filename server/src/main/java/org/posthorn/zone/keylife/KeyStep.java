package org.posthorn.zone.keylife;

import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.signing.DkimKeyEntry;

/** What is to be done next for a domain. */
sealed interface KeyStep {
    /** Make a key that will take the place of the one that signs. */
    record Make(DkimAlgorithm algorithm) implements KeyStep {}

    /** Hand the record to the domain's DNS. */
    record Publish(DkimKeyEntry key) implements KeyStep {}

    /** Look whether the world sees the record; if it does, sign with the key. */
    record Await(DkimKeyEntry key) implements KeyStep {}

    /** Revoke the key, whose mail has arrived long ago. */
    record Withdraw(DkimKeyEntry key) implements KeyStep {}
}
