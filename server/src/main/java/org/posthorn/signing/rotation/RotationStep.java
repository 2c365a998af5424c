package org.posthorn.signing.rotation;

import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.signing.DkimKeyEntry;

/** What is to be done next for a domain. */
sealed interface RotationStep {
    /** Make a key that will take the place of the one that signs. */
    record Make(DkimAlgorithm algorithm) implements RotationStep {}

    /** Hand the record to the domain's DNS. */
    record Publish(DkimKeyEntry key) implements RotationStep {}

    /** Look whether the world sees the record; if it does, sign with the key. */
    record Await(DkimKeyEntry key) implements RotationStep {}

    /** Revoke the key, whose mail has arrived long ago. */
    record Withdraw(DkimKeyEntry key) implements RotationStep {}
}
