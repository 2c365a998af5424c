package org.posthorn.directory;

import java.util.List;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;

/**
 * An address whose mail goes elsewhere.
 *
 * @param localPart lower case; "" for the catch-all of the domain
 * @param targets 1 to {@value #MAX_TARGETS} addresses, local or not
 */
public record Alias(String localPart, Domain domain, List<Address> targets) {
    public static final int MAX_TARGETS = 1000;

    public Alias {
        targets = List.copyOf(targets);
        if (targets.isEmpty() || targets.size() > MAX_TARGETS) {
            throw new IllegalArgumentException("an alias has 1 to " + MAX_TARGETS + " targets");
        }
    }

    /**
     * Reads {@code user@domain} or {@code @domain} for a catch-all.
     *
     * @throws MalformedAddressException for anything else
     */
    public static Alias of(String name, List<Address> targets) {
        if (name.startsWith("@")) {
            return new Alias("", Domain.parse(name.substring(1)), targets);
        }
        Address address = Address.parse(name).canonical();
        return new Alias(address.localPart(), address.domain(), targets);
    }

    public boolean isCatchAll() {
        return localPart.isEmpty();
    }

    /** As {@link #of} reads it. */
    public String name() {
        return isCatchAll() ? "@" + domain : new Address(localPart, domain).toString();
    }
}
