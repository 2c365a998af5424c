package org.posthorn.intake.authentication;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.config.Section;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Network;
import org.posthorn.protocol.dmarc.Policy;

/**
 * How mail that comes in is judged.
 *
 * @param enforce whether the policies of domains are applied; otherwise all is judged and noted, and nothing refused
 * @param exempt clients whose mail is not judged
 * @param patience for all look-ups of a message
 * @param deferUnknown whether mail waits that a domain would have refused if it were known to fail
 * @param publicSuffixList whether organizational domains are found as in RFC 7489
 * @param malformedFrom what to do with mail that names no single author in a way to be relied upon
 * @param ownDomains what to do with mail that names a domain of ours as its author without any authentication
 * @param overrides by domain of the author, in place of its own policy; a name with a dot before it is for its subdomains
 * @param spfFail by domain of the sender, what to do with mail that SPF says fail of
 * @param trustedSealers domains whose ARC seals vouch for mail that DMARC fails
 */
public record AuthenticationConfig(
        boolean enforce,
        List<Network> exempt,
        Duration patience,
        boolean deferUnknown,
        boolean publicSuffixList,
        Policy malformedFrom,
        Policy ownDomains,
        Map<String, Policy> overrides,
        Map<String, Policy> spfFail,
        Set<String> trustedSealers) {
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");

    public AuthenticationConfig {
        exempt = List.copyOf(exempt);
        overrides = Map.copyOf(overrides);
        spfFail = Map.copyOf(spfFail);
        trustedSealers = Set.copyOf(trustedSealers);
    }

    /** Reads the section {@code inbound.authentication}. */
    public static AuthenticationConfig read(Section section) {
        return new AuthenticationConfig(
                section.flag("enforce", true),
                networks(section),
                section.duration("timeout", "20s", "1s", "5m"),
                section.flag("defer-unknown", true),
                section.parsed("organizational-domain", AuthenticationConfig::byList)
                        .orElse(false),
                section.parsed("malformed-from", AuthenticationConfig::policy).orElse(Policy.QUARANTINE),
                section.parsed("own-domains", AuthenticationConfig::policy).orElse(Policy.QUARANTINE),
                policies(section, "overrides"),
                policies(section, "spf-fail"),
                sealers(section));
    }

    /** Whether mail from this client is judged. */
    public boolean concerns(InetAddress client) {
        return exempt.stream().noneMatch(network -> network.contains(client));
    }

    /** The rule for a domain: its own, else that for the subdomains of the nearest one above. */
    static Optional<Policy> ruleFor(Map<String, Policy> rules, String domain) {
        if (rules.containsKey(domain)) {
            return Optional.of(rules.get(domain));
        }
        for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            String above = domain.substring(dot);
            if (rules.containsKey(above)) {
                return Optional.of(rules.get(above));
            }
        }
        return Optional.empty();
    }

    private static List<Network> networks(Section section) {
        List<Network> networks = new ArrayList<>();
        for (String text : section.texts("exempt", LOOPBACK)) {
            try {
                networks.add(Network.parse(text));
            } catch (IllegalArgumentException e) {
                section.complain("exempt", "\"" + text + "\" is not a network such as \"192.0.2.0/24\"");
            }
        }
        return networks;
    }

    private static Set<String> sealers(Section section) {
        Set<String> sealers = new HashSet<>();
        for (String text : section.texts("trusted-sealers", List.of())) {
            try {
                sealers.add(Domain.parse(text).name());
            } catch (IllegalArgumentException e) {
                section.complain("trusted-sealers", "\"" + text + "\" is not a domain");
            }
        }
        return sealers;
    }

    private static boolean byList(String text) {
        return switch (text) {
            case "tree-walk" -> false;
            case "public-suffix-list" -> true;
            default -> throw new IllegalArgumentException("must be \"tree-walk\" or \"public-suffix-list\"");
        };
    }

    private static Policy policy(String text) {
        return switch (text) {
            case "accept" -> Policy.NONE;
            case "quarantine" -> Policy.QUARANTINE;
            case "reject" -> Policy.REJECT;
            default -> throw new IllegalArgumentException("must be \"accept\", \"quarantine\" or \"reject\"");
        };
    }

    private static Map<String, Policy> policies(Section section, String key) {
        Map<String, Policy> policies = new HashMap<>();
        section.textTable(key).forEach((name, text) -> {
            try {
                boolean subdomains = name.startsWith(".");
                String domain =
                        Domain.parse(subdomains ? name.substring(1) : name).name();
                policies.put(subdomains ? "." + domain : domain, policy(text));
            } catch (IllegalArgumentException e) {
                section.complain(key, "\"" + name + "\" = \"" + text + "\": " + e.getMessage());
            }
        });
        return policies;
    }
}
