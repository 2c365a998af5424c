package org.posthorn.signing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.config.Section;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimKey;

/**
 * The keys that the configuration names, {@code [dkim]}: somebody else makes and changes them.
 *
 * @param keys by domain, in place of those that {@code domain add} made
 */
public record SigningConfig(Map<Domain, List<DkimKeyFile>> keys) {
    public SigningConfig {
        Map<Domain, List<DkimKeyFile>> copies = new LinkedHashMap<>();
        keys.forEach((domain, files) -> copies.put(domain, List.copyOf(files)));
        keys = Map.copyOf(copies);
    }

    /** Reads {@code [dkim]}, a table of selectors and files for each domain; the files are not looked at. */
    public static SigningConfig read(Section section) {
        Map<Domain, List<DkimKeyFile>> keys = new LinkedHashMap<>();
        for (String name : section.keys()) {
            Map<String, String> selectors = section.textTable(name);
            for (String selector : selectors.keySet()) {
                if (!DkimKey.isSelector(selector)) {
                    section.complain(name, "names \"" + selector + "\", which is not a selector (RFC 6376 3.1)");
                }
            }
            try {
                Domain domain = Domain.parse(name);
                keys.put(
                        domain,
                        selectors.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(key -> new DkimKeyFile(domain, key.getKey(), Path.of(key.getValue())))
                                .toList());
            } catch (IllegalArgumentException e) {
                section.complain(name, "is not a domain");
            }
        }
        return new SigningConfig(keys);
    }

    /** Whether it names the keys of a domain, so that those of the key ring are not used. */
    public boolean names(Domain domain) {
        return keys.containsKey(domain);
    }

    /** The keys that it names for a domain, in the order of their selectors. */
    public List<DkimKeyFile> of(Domain domain) {
        return keys.getOrDefault(domain, List.of());
    }
}
