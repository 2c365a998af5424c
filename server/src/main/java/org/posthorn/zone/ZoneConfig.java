package org.posthorn.zone;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.posthorn.client.dnsprovider.DnsProviderConfig;
import org.posthorn.config.Section;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/**
 * What the owner wants published, {@code [dns.publish]}.
 *
 * @param addresses of this server as the world reaches it; empty for those of its interfaces
 * @param reports who gets the reports on DMARC and TLS; {@code postmaster} of the domain when absent
 * @param dmarc what receivers should do with mail that fails
 * @param senders mechanisms for others who send as the domain, for the SPF record
 * @param strictSpf whether mail from elsewhere fails ({@code -all}) or is merely suspicious ({@code ~all})
 * @param sts whether an MTA-STS policy is served, and how strict it is
 * @param authorities who may issue certificates for the host
 * @param autoconfig whether the names autoconfig and autodiscover lead to the host
 * @param keeper who keeps the zones and can be told to change them
 */
public record ZoneConfig(
        List<InetAddress> addresses,
        Optional<Address> reports,
        DmarcPolicy dmarc,
        List<String> senders,
        boolean strictSpf,
        Optional<StsPolicy.Mode> sts,
        Duration stsAge,
        List<String> authorities,
        boolean autoconfig,
        Duration ttl,
        Optional<DnsProviderConfig> keeper) {
    /** RFC 7208 4.6.1 and 5: what can stand for another sender; qualifiers are not for us to give. */
    private static final Pattern MECHANISM =
            Pattern.compile("(?:include|exists):[!-~]{1,200}|(?:a|mx)(?:[:/][!-~]{1,200})?|ip4:[0-9./]{1,18}"
                    + "|ip6:[0-9A-Fa-f:./]{1,50}");

    private static final int MAX_SENDERS = 50;

    /** RFC 9989 4.7: the policy that {@code p=} asks for. */
    public enum DmarcPolicy {
        NONE,
        QUARANTINE,
        REJECT
    }

    public ZoneConfig {
        addresses = List.copyOf(addresses);
        senders = List.copyOf(senders);
        authorities = List.copyOf(authorities);
    }

    /** What a configuration without {@code [dns.publish]} means. */
    public static ZoneConfig standard() {
        return new ZoneConfig(
                List.of(),
                Optional.empty(),
                DmarcPolicy.NONE,
                List.of(),
                false,
                Optional.empty(),
                Duration.ofDays(7),
                List.of(),
                false,
                Duration.ofHours(1),
                Optional.empty());
    }

    public static ZoneConfig read(Section section) {
        ZoneConfig standard = standard();
        return new ZoneConfig(
                addresses(section),
                section.parsed("report-address", Address::parse),
                section.parsed("dmarc-policy", ZoneConfig::dmarcPolicy).orElse(standard.dmarc),
                each(section, "spf-senders", ZoneConfig::mechanism),
                section.flag("spf-strict", standard.strictSpf),
                section.parsed("mta-sts", ZoneConfig::stsMode).flatMap(mode -> mode),
                section.duration("mta-sts-age", standard.stsAge, "1d", "365d"),
                each(section, "caa-issuers", text -> Domain.parse(text).name()),
                section.flag("autoconfig", standard.autoconfig),
                section.duration("ttl", standard.ttl, "1m", "7d"),
                DnsProviderConfig.read(section));
    }

    private static List<InetAddress> addresses(Section section) {
        return each(section, "addresses", text -> {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("\"" + text + "\" is not an IP address", e);
            }
        });
    }

    private static <T> List<T> each(Section section, String key, Function<String, T> parser) {
        List<String> texts = section.texts(key, List.of());
        List<T> values = new ArrayList<>();
        if (texts.size() > MAX_SENDERS) {
            section.complain(key, "has more than " + MAX_SENDERS + " entries");
            return List.of();
        }
        for (String text : texts) {
            try {
                values.add(parser.apply(text));
            } catch (IllegalArgumentException e) {
                section.complain(key, String.valueOf(e.getMessage()));
            }
        }
        return values;
    }

    private static String mechanism(String text) {
        if (!MECHANISM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text
                            + "\" is not a sender for SPF; write \"include:example.net\", \"ip4:192.0.2.0/24\" or \"a:host.example.net\"");
        }
        return text;
    }

    private static DmarcPolicy dmarcPolicy(String text) {
        return switch (text) {
            case "none" -> DmarcPolicy.NONE;
            case "quarantine" -> DmarcPolicy.QUARANTINE;
            case "reject" -> DmarcPolicy.REJECT;
            default -> throw new IllegalArgumentException("must be \"none\", \"quarantine\" or \"reject\"");
        };
    }

    private static Optional<StsPolicy.Mode> stsMode(String text) {
        return switch (text) {
            case "off" -> Optional.empty();
            case "testing" -> Optional.of(StsPolicy.Mode.TESTING);
            case "enforce" -> Optional.of(StsPolicy.Mode.ENFORCE);
            default -> throw new IllegalArgumentException("must be \"off\", \"testing\" or \"enforce\"");
        };
    }
}
