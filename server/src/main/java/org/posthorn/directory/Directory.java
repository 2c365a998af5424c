package org.posthorn.directory;

import java.util.List;
import java.util.Set;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.sasl.Authenticator;

/**
 * Answers who is here. Thread-safe; look-ups are fast and see every change that was committed before. Login names are
 * whole addresses; an account's local part alone will do where only one account has it.
 */
public interface Directory extends Authenticator {
    /** Whether we are the final destination of the domain. */
    boolean isLocal(Domain domain);

    /**
     * Where mail for an address goes, by one step: the targets of a {@link Resolution.Forward} are to be resolved in
     * their turn, by a caller that bounds the depth.
     */
    Resolution resolve(Address address);

    /** Whether this is an account's own address, not an alias, in any case. */
    boolean isAccount(Address address);

    /**
     * Whether the account may send as this address: whether mail for the address reaches the account, so also by an alias
     * or as {@code user+detail}.
     */
    boolean maySendAs(Address account, Address sender);

    /** The addresses that {@link #maySendAs} allows and that can be listed: the account's own and its aliases. */
    Set<Address> senders(Address account);

    /** The local domains, in alphabetical order. */
    List<Domain> domains();

    /** The account addresses, in alphabetical order. */
    List<Address> accounts();

    /** The aliases, in alphabetical order. */
    List<Alias> aliases();
}
