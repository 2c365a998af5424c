package org.posthorn.directory;

import org.posthorn.mail.Address;
import org.posthorn.protocol.sasl.ScramKeys;

/**
 * An account and what proves a login; holds no password.
 *
 * @param id of its row, which no later account gets, of the same name or another
 */
record Account(long id, Address address, PasswordHash hash, ScramKeys keys) {
    /** Whether a login as the one is a login as the other: neither was the password set anew nor the account made anew. */
    boolean hasSameCredentials(Account other) {
        return id == other.id && hash.equals(other.hash);
    }
}
