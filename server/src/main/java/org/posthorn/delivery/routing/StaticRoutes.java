package org.posthorn.delivery.routing;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.posthorn.config.Section;
import org.posthorn.mail.Domain;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Transport;

/**
 * Next hops that the configuration gives, by domain: {@code example.org} for that domain alone, {@code .example.org} for
 * its subdomains, {@code *} for all others. The next hop has a form that {@code delivery.remote} reads:
 * {@code host:25}, {@code [192.0.2.1]:25}, or a domain to be found by MX; or it is {@code discard:}, or {@code error:} with an
 * enhanced status and a text for the sender.
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

    /** What a route may lead to apart from another server; {@code error:25} is a host of that name. */
    private static final Pattern TRANSPORT = Pattern.compile(
            "(" + Transport.DISCARD + "|" + Transport.ERROR + "):(?![0-9]{1,5}$)(.*)", Pattern.CASE_INSENSITIVE);

    /** Where mail for a domain goes that is not ours. */
    Destination destination(Domain domain) {
        return destination(nextHop(domain).orElse(domain.name()));
    }

    private static Destination destination(String route) {
        Matcher transport = TRANSPORT.matcher(route);
        return transport.matches()
                ? new Destination(
                        transport.group(1).toLowerCase(Locale.ROOT),
                        transport.group(2).strip())
                : Destination.smtp(route);
    }

    /** The servers that routes lead to. */
    public Set<String> servers() {
        return nextHops.values().stream()
                .map(StaticRoutes::destination)
                .filter(destination -> destination.transport().equals(Transport.SMTP))
                .map(Destination::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The route for a domain: that of the longest name that matches. */
    private Optional<String> nextHop(Domain domain) {
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
