package org.posthorn.config.opendkim;

import java.util.List;

/**
 * What becomes of a configuration of OpenDKIM.
 *
 * @param keys that sign for all addresses of a domain, and are to be taken over
 * @param settings lines for our configuration file that match its settings
 * @param remarks what is not taken over, or is different with us, and why
 */
public record OpenDkimPlan(List<Key> keys, List<String> settings, List<String> remarks) {
    /**
     * A key.
     *
     * @param domain for {@code d=} and of the From, as it was written
     * @param selector for {@code s=}
     * @param file the path of its PEM file
     */
    public record Key(String domain, String selector, String file) {}

    public OpenDkimPlan {
        keys = List.copyOf(keys);
        settings = List.copyOf(settings);
        remarks = List.copyOf(remarks);
    }
}
