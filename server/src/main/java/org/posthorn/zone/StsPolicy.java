package org.posthorn.zone;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The MTA-STS policy that we publish (RFC 8461 3.2), served at {@code https://mta-sts.DOMAIN/.well-known/mta-sts.txt}.
 *
 * @param hosts names that MX records may have
 * @param maxAge how long senders keep it, up to a year
 */
public record StsPolicy(Mode mode, List<String> hosts, Duration maxAge) {
    /** RFC 8461 3.2. */
    private static final long MAX_AGE_SECONDS = 31_557_600;

    private static final int ID_LENGTH = 20;

    /** RFC 8461 5. */
    public enum Mode {
        TESTING,
        ENFORCE
    }

    public StsPolicy {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty() || maxAge.isNegative() || maxAge.toSeconds() > MAX_AGE_SECONDS) {
            throw new IllegalArgumentException("a policy has hosts, and an age of at most a year");
        }
    }

    /** The file, with CRLF. */
    public String text() {
        StringBuilder text = new StringBuilder("version: STSv1\r\nmode: ")
                .append(mode.name().toLowerCase(Locale.ROOT))
                .append("\r\n");
        hosts.forEach(host -> text.append("mx: ").append(host).append("\r\n"));
        return text.append("max_age: ")
                .append(maxAge.toSeconds())
                .append("\r\n")
                .toString();
    }

    /** RFC 8461 3.1: changes whenever the policy does, since it is made of the policy's hash. */
    public String id() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text().getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash).substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
