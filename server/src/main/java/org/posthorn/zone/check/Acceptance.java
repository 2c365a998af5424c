package org.posthorn.zone.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;
import org.posthorn.zone.Zones;

/** Which records are as good as those that we would write: their owner may want more or other things than we know of. */
final class Acceptance {
    /** RFC 9989 4.7, RFC 7489 6.3. */
    private static final Pattern DMARC_POLICY =
            Pattern.compile("v *= *DMARC1 *;.*\\bp *= *(none|quarantine|reject) *(;.*)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern TLSRPT =
            Pattern.compile("v=TLSRPTv1 *;.*\\brua *= *(mailto:|https:)[^ ]+.*", Pattern.CASE_INSENSITIVE);

    private final Resolver resolver;
    private final Set<InetAddress> own;

    /** @param own addresses of the host */
    Acceptance(Resolver resolver, List<InetAddress> own) {
        this.resolver = resolver;
        this.own = Set.copyOf(own);
    }

    /** Why the present records do although none of them is the wanted one; empty when they do not. */
    Optional<String> why(DesiredRecord wanted, List<ZoneRecord> present) {
        return present.stream().flatMap(record -> why(wanted, record).stream()).findFirst();
    }

    private Optional<String> why(DesiredRecord wanted, ZoneRecord present) {
        return switch (wanted.purpose()) {
            // Judged by what they do: SpfCheck, and the look at the certificate's authority.
            case SPF -> Optional.of("not the one that Posthorn would write; see how it works out");
            case DMARC -> matches(DMARC_POLICY, present, "your own policy");
            case TLSRPT -> matches(TLSRPT, present, "your own report address");
            case DKIM -> sameKey(wanted.record(), present) ? Optional.of("the same key") : Optional.empty();
            case MX -> sameHost(wanted.record(), present) ? Optional.of("the same host") : Optional.empty();
            case SERVICE -> sameService(wanted.record(), present) ? Optional.of("the same service") : Optional.empty();
            case MTA_STS_HOST, AUTOCONFIG ->
                leadsToUs(present.name()) ? Optional.of("leads to the same host") : Optional.empty();
            case ADDRESS, DMARC_CONSENT, MTA_STS, TLSA, CAA, REVERSE -> Optional.empty();
        };
    }

    private static Optional<String> matches(Pattern pattern, ZoneRecord present, String why) {
        return pattern.matcher(present.data().plain()).matches() ? Optional.of(why) : Optional.empty();
    }

    private static boolean sameKey(ZoneRecord wanted, ZoneRecord present) {
        Map<String, String> ours = tags(wanted.data().plain());
        Map<String, String> theirs = tags(present.data().plain());
        return ours.getOrDefault("p", "").equals(theirs.get("p"))
                && ours.getOrDefault("k", "rsa").equals(theirs.getOrDefault("k", "rsa"))
                && !theirs.getOrDefault("t", "").contains("y");
    }

    /** RFC 6376 3.2: tags by name; white space within keys is folding. */
    private static Map<String, String> tags(String text) {
        Map<String, String> tags = new HashMap<>();
        for (String tag : text.split(";", 50)) {
            int equals = tag.indexOf('=');
            if (equals > 0) {
                tags.put(
                        tag.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        tag.substring(equals + 1).replaceAll("\\s", ""));
            }
        }
        return tags;
    }

    private static boolean sameHost(ZoneRecord wanted, ZoneRecord present) {
        return wanted.data() instanceof RecordData.Mx ours
                && present.data() instanceof RecordData.Mx theirs
                && ours.exchange().equals(theirs.exchange());
    }

    private static boolean sameService(ZoneRecord wanted, ZoneRecord present) {
        return wanted.data() instanceof RecordData.Srv ours
                && present.data() instanceof RecordData.Srv theirs
                && ours.port() == theirs.port()
                && ours.target().equals(theirs.target());
    }

    private boolean leadsToUs(String name) {
        Set<InetAddress> reached = new HashSet<>(Zones.addresses(resolver, name));
        return !reached.isEmpty() && own.containsAll(reached);
    }

    /** Present records beside the wanted ones that do harm, or deserve a word. */
    List<Finding> surplus(List<DesiredRecord> wanted, List<ZoneRecord> present) {
        List<Finding> findings = new ArrayList<>();
        for (ZoneRecord record : present) {
            if (wanted.stream()
                    .anyMatch(each -> each.record().saysTheSameAs(record)
                            || why(each, record).isPresent())) {
                continue;
            }
            DesiredRecord first = wanted.getFirst();
            String topic = first.purpose().word();
            String shown = record.data().plain();
            switch (first.purpose()) {
                case ADDRESS ->
                    findings.add(new Finding(
                            State.WRONG,
                            topic,
                            record.name(),
                            shown + " is no address of this server",
                            List.of("; remove: " + record.zoneLine())));
                // RFC 7671 8.1: the key before or after this one, while keys change.
                case TLSA -> findings.add(Finding.of(State.NOTE, topic, record.name(), shown + " is of another key"));
                case MX ->
                    findings.add(
                            Finding.of(State.NOTE, topic, record.name(), shown + " takes mail for the domain too"));
                case REVERSE -> findings.add(Finding.of(State.NOTE, topic, record.name(), shown + " is named too"));
                case SPF, DKIM, DMARC, DMARC_CONSENT, MTA_STS, MTA_STS_HOST, TLSRPT, CAA, SERVICE, AUTOCONFIG -> {}
            }
        }
        return findings;
    }
}
