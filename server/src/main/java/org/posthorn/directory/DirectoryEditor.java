package org.posthorn.directory;

import java.util.Map;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/**
 * Changes the directory. Thread-safe; a change is on stable storage and in effect when its method returns, and is refused
 * with a {@link DirectoryException} that says why.
 */
public interface DirectoryEditor {
    /** Adds a local domain. */
    void addDomain(Domain domain);

    /** Removes a domain that has no accounts and no aliases. */
    void removeDomain(Domain domain);

    /**
     * Adds an account to a local domain. The password, of 8 to 1000 characters, is neither kept nor logged, only what is derived
     * from it.
     */
    void addAccount(Address address, String password);

    /** As {@link #addAccount} for many, all or none of them, in the map's order. */
    void addAccounts(Map<Address, String> passwords);

    /** Whoever is logged in to the account is logged out. */
    void changePassword(Address account, String password);

    /** Removes an account that no alias leads to. Its mail stays where it is, and whoever is logged in to it is logged out. */
    void removeAccount(Address account);

    /**
     * Adds or replaces an alias; refuses one that leads back to itself.
     *
     * @return false where it took the place of another
     */
    boolean putAlias(Alias alias);

    /** Removes an alias by its name, {@code user@domain} or {@code @domain} in any case. */
    void removeAlias(String name);
}
