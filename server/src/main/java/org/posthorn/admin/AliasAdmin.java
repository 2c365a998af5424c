package org.posthorn.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** What an administrator sees of the aliases, and does with them. */
public interface AliasAdmin {
    /**
     * An alias.
     *
     * @param name {@code user@domain}, or {@code @domain} for all that have no account and no other alias there
     * @param targets 1 to 1000 addresses, local or not
     */
    record AliasEntry(String name, List<Address> targets) {
        public AliasEntry {
            targets = List.copyOf(targets);
        }
    }

    /**
     * Lists all aliases in alphabetical order.
     *
     * @param domain only its aliases
     * @return how many are listed
     */
    int list(Optional<Domain> domain, Consumer<AliasEntry> each) throws AdminException, IOException;

    /** Shows one alias. */
    AliasEntry show(String name) throws AdminException, IOException;

    /**
     * Adds an alias, or gives one that is there other targets.
     *
     * @return it, in the form in which it is kept
     */
    Put<AliasEntry> put(AliasEntry alias) throws AdminException, IOException;

    /** Removes an alias. */
    void remove(String name) throws AdminException, IOException;
}
