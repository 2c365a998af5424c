package org.posthorn.zone.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.posthorn.config.Section;
import org.posthorn.dns.DnsConfig;
import org.posthorn.mail.Domain;

/**
 * How the world is looked at.
 *
 * @param dns the recursive servers
 * @param dnsPort of the authoritative servers: 53 but in tests
 * @param httpsPort of the host of the MTA-STS policy: 443 but in tests
 * @param authorities whom the certificate of that host must be from; those of the system when absent
 * @param blocklists zones that list addresses (RFC 5782)
 * @param timeout for one question to an authoritative server, and for the policy
 */
public record CheckConfig(
        DnsConfig dns,
        int dnsPort,
        int httpsPort,
        Optional<SSLContext> authorities,
        List<String> blocklists,
        Duration timeout) {
    /** They answer without registration to a resolver of one's own, and large receivers use them. */
    private static final List<String> WELL_KNOWN = List.of(
            "zen.spamhaus.org", "bl.spamcop.net", "psbl.surriel.com", "b.barracudacentral.org", "dnsbl.dronebl.org");

    private static final int MAX_BLOCKLISTS = 30;

    public CheckConfig {
        blocklists = List.copyOf(blocklists);
        if (dnsPort < 1 || dnsPort > 65_535 || httpsPort < 1 || httpsPort > 65_535 || !timeout.isPositive()) {
            throw new IllegalArgumentException("a port is from 1 to 65535, a time limit positive");
        }
    }

    /** As {@code [dns.check]} says. */
    public static CheckConfig read(Section section, DnsConfig dns) {
        List<String> lists = section.texts("blocklists", WELL_KNOWN);
        if (lists.size() > MAX_BLOCKLISTS) {
            section.complain("blocklists", "has more than " + MAX_BLOCKLISTS + " entries");
        }
        Function<String, Optional<String>> zone = text -> {
            try {
                return Optional.of(Domain.parse(text).name());
            } catch (IllegalArgumentException e) {
                section.complain("blocklists", "\"" + text + "\" is not a domain");
                return Optional.empty();
            }
        };
        return new CheckConfig(
                dns,
                53,
                443,
                Optional.empty(),
                lists.stream()
                        .limit(MAX_BLOCKLISTS)
                        .flatMap(text -> zone.apply(text).stream())
                        .toList(),
                section.duration("timeout", "5s", "100ms", "1m"));
    }
}
