package org.posthorn.signing;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.posthorn.mail.Domain;

/**
 * Which keys sign for a domain: those that the configuration names for it, else those of the key ring; while it has none that signs, those
 * of the nearest domain above it, which DMARC takes for the same (RFC 9989 4.4.1). Thread-safe.
 */
public final class SigningTable implements Function<Domain, List<DkimKeyFile>> {
    private final Supplier<SigningConfig> configured;
    private final DkimKeyRing keys;
    private final Predicate<Domain> ours;

    /** @param configured asked anew each time, since a reload may change it */
    public SigningTable(Supplier<SigningConfig> configured, DkimKeyRing keys, Predicate<Domain> ours) {
        this.configured = configured;
        this.keys = keys;
        this.ours = ours;
    }

    @Override
    public List<DkimKeyFile> apply(Domain domain) {
        List<DkimKeyFile> found = own(domain);
        // Only for a domain of ours: what lies below one may have been given to somebody else.
        if (found.isEmpty() && ours.test(domain)) {
            String name = domain.name();
            for (int dot = name.indexOf('.'); found.isEmpty() && dot > 0; dot = name.indexOf('.', dot + 1)) {
                found = own(Domain.parse(name.substring(dot + 1)));
            }
        }
        return found;
    }

    /** Whether nothing is known of any key of the domain, not even of one that waits. */
    public boolean isWithoutKeys(Domain domain) {
        return apply(domain).isEmpty() && keys.keys(domain).isEmpty();
    }

    private List<DkimKeyFile> own(Domain domain) {
        SigningConfig config = configured.get();
        return config.names(domain) ? config.of(domain) : keys.signing(domain);
    }
}
