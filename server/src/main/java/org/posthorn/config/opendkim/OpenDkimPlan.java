package org.posthorn.config.opendkim;

import java.util.List;

/**
 * What becomes of a configuration of OpenDKIM.
 *
 * @param keys that sign for all addresses of a domain, and are to be taken over
 * @param subdomains that sign as the domain above them, which has one of these keys
 * @param settings lines for our configuration file that match its settings
 * @param remarks what is not taken over, or is different with us, and why
 */
public record OpenDkimPlan(List<Key> keys, List<Subdomain> subdomains, List<String> settings, List<String> remarks) {
    /**
     * A key.
     *
     * @param domain for {@code d=}, in lower case
     * @param selector for {@code s=}
     * @param file the path of its PEM file
     */
    public record Key(String domain, String selector, String file) {}

    /**
     * A domain whose mail is signed as another.
     *
     * @param domain of the From
     * @param parent for {@code d=}, above it
     */
    public record Subdomain(String domain, String parent) {}

    public OpenDkimPlan {
        subdomains = List.copyOf(subdomains);
        keys = List.copyOf(keys);
        settings = List.copyOf(settings);
        remarks = List.copyOf(remarks);
    }
}
