package org.posthorn.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DkimKeyFile;
import org.posthorn.mail.Domain;

/**
 * The keys that sign for a domain: those that the configuration names for it, else those that the directory has; while it has none that
 * signs, those of the nearest domain above it, which DMARC takes for the same (RFC 9989 4.4.1). Thread-safe.
 */
final class KeysOfDomains implements Function<Domain, List<DkimKeyFile>> {
    private final Supplier<Map<Domain, Map<String, Path>>> configured;
    private final Directory directory;

    /** @param configured asked anew each time, since a reload may change it */
    KeysOfDomains(Supplier<Map<Domain, Map<String, Path>>> configured, Directory directory) {
        this.configured = configured;
        this.directory = directory;
    }

    @Override
    public List<DkimKeyFile> apply(Domain domain) {
        List<DkimKeyFile> keys = own(domain);
        // Only for a domain of ours: what lies below one may have been given to somebody else.
        if (keys.isEmpty() && directory.isLocal(domain)) {
            String name = domain.name();
            for (int dot = name.indexOf('.'); keys.isEmpty() && dot > 0; dot = name.indexOf('.', dot + 1)) {
                keys = own(Domain.parse(name.substring(dot + 1)));
            }
        }
        return keys;
    }

    private List<DkimKeyFile> own(Domain domain) {
        Map<String, Path> named = configured.get().get(domain);
        if (named == null) {
            return directory.dkimKeys(domain);
        }
        List<DkimKeyFile> keys = new ArrayList<>();
        named.forEach((selector, pem) -> keys.add(new DkimKeyFile(domain, selector, pem)));
        return keys;
    }
}
