package org.posthorn.protocol.spf;

import java.util.Map;
import java.util.Optional;

/**
 * The outcome of a check.
 *
 * @param identity HELO too where the reverse-path is null (RFC 7208 2.4)
 * @param checked what the identity was: the sender with its domain, or the HELO name
 * @param domain the domain whose policy was asked for; as it was given where it is none
 * @param matched the directive that decided
 * @param explanation the domain's own words about a fail (RFC 7208 6.2), one line of printable ASCII; a stranger wrote it
 * @param reason why there is an error or no policy, for people
 * @param terms terms that asked the DNS, of 10 allowed
 * @param voids look-ups that found nothing, of 2 allowed
 * @param questions all questions asked
 */
public record SpfVerdict(
        SpfResult result,
        SpfIdentity identity,
        String checked,
        String domain,
        Optional<Match> matched,
        Optional<String> explanation,
        Optional<String> reason,
        int terms,
        int voids,
        int questions) {
    /** A directive as it was written, and the domain whose record it stands in (of an include, the including one). */
    public record Match(String domain, String directive) {}

    /** The property for Authentication-Results, {@code smtp.mailfrom} or {@code smtp.helo}, and its value (RFC 8601 2.7.2). */
    public Map<String, String> properties() {
        return Map.of(identity.property(), checked);
    }
}
