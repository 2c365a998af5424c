package org.posthorn.delivery.routing;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.posthorn.config.Section;
import org.posthorn.mail.Domain;

/**
 * Next hops that the configuration gives, by domain: {@code example.org} for that domain alone, {@code .example.org} for
 * its subdomains, {@code *} for all others. The next hop has a form that {@code delivery.remote} reads:
 * {@code host:25}, {@code [192.0.2.1]:25}, or a domain to be found by MX.
 */
public record StaticRoutes(Map<String, String> nextHops) {
    /** By MX always. */
    public static final StaticRoutes NONE = new StaticRoutes(Map.of());

    public StaticRoutes {
        Map<String, String> lower = new TreeMap<>();
        nextHops.forEach((domain, hop) -> {
            if (domain.isEmpty() || hop.isBlank()) {
                throw new IllegalArgumentException("a route needs a domain and a next hop");
            }
            lower.put(domain.toLowerCase(Locale.ROOT), hop);
        });
        nextHops = Map.copyOf(lower);
    }

    /** The next hop for a domain: that of the longest name that matches. */
    public Optional<String> nextHop(Domain domain) {
        String name = domain.name();
        String hop = nextHops.get(name);
        for (int dot = name.indexOf('.'); hop == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            hop = nextHops.get(name.substring(dot));
        }
        return Optional.ofNullable(hop == null ? nextHops.get("*") : hop);
    }

    /** Reads {@code [delivery.routes]}; none by default. */
    public static StaticRoutes read(Section delivery) {
        try {
            return new StaticRoutes(delivery.textTable("routes"));
        } catch (IllegalArgumentException e) {
            delivery.complain("routes", String.valueOf(e.getMessage()));
            return NONE;
        }
    }
}
