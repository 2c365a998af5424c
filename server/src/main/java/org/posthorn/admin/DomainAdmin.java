package org.posthorn.admin;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.posthorn.mail.Domain;

/** What an administrator sees of the domains that mail is received for, and does with them. */
public interface DomainAdmin {
    /**
     * A domain.
     *
     * @param accounts how many it has
     * @param selectors of the DKIM keys that sign for it
     */
    record DomainEntry(Domain domain, int accounts, List<String> selectors) {
        public DomainEntry {
            selectors = List.copyOf(selectors);
        }
    }

    /**
     * Lists all domains in alphabetical order.
     *
     * @return how many there are
     */
    int list(Consumer<DomainEntry> each) throws AdminException, IOException;

    /** Shows one domain. */
    DomainEntry show(Domain domain) throws AdminException, IOException;

    /**
     * Adds a domain and makes its DKIM keys, which sign once they are seen in DNS, or are activated.
     *
     * @return the keys whose records are to be published
     */
    List<DkimAdmin.Key> add(Domain domain) throws AdminException, IOException;

    /** Removes a domain that has no accounts and no aliases. */
    void remove(Domain domain) throws AdminException, IOException;
}
