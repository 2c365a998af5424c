package org.posthorn.protocol.dkim;

import java.time.Instant;
import java.util.List;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;

/** Signs the mail of one domain with all its keys, relaxed/relaxed. Thread-safe. */
public final class DkimSigner {
    /** Octets of a line of the header field that we write, without CRLF. */
    private static final int LINE = 76;

    private final Domain domain;
    private final List<DkimKey> keys;

    /**
     * @param domain for {@code d=}
     * @param keys one or more; each makes a signature of its own, so that a verifier may choose (RFC 8463 3)
     */
    public DkimSigner(Domain domain, List<DkimKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no keys");
        }
        this.domain = domain;
        this.keys = List.copyOf(keys);
    }

    public Domain domain() {
        return domain;
    }

    /**
     * Signs a message.
     *
     * @param fields its header, in order, as it will be sent
     * @param bodyHash what a {@link BodyHash} of {@link Canonicalization#RELAXED} gave for its body
     * @param now for {@code t=}
     * @return the DKIM-Signature fields to put before the header, each with CRLF; ASCII
     */
    public String sign(List<HeaderField> fields, String bodyHash, Instant now) {
        SignedHeader signed = SignedHeader.of(fields);
        StringBuilder result = new StringBuilder(1024 * keys.size());
        for (DkimKey key : keys) {
            String unsigned = template(key, signed.names(), bodyHash, now);
            StringBuilder input = new StringBuilder(signed.canonical());
            // RFC 6376 3.7: the signature field itself comes last, with an empty b= and no line end.
            HeaderCanonicalizer.append(input, new HeaderField(unsigned), Canonicalization.RELAXED);
            result.append(unsigned);
            appendFolded(result, key.sign(input.toString()));
            result.append("\r\n");
        }
        return result.toString();
    }

    private String template(DkimKey key, List<String> names, String bodyHash, Instant now) {
        StringBuilder field = new StringBuilder(768);
        field.append("DKIM-Signature: v=1; a=")
                .append(key.algorithm().tag())
                .append("; c=relaxed/relaxed;\r\n\td=")
                .append(domain.name())
                .append("; s=")
                .append(key.selector())
                .append("; t=")
                .append(now.getEpochSecond())
                .append(";\r\n\th=");
        int lineStart = field.length() - 3;
        for (int i = 0; i < names.size(); i++) {
            String separator = i == names.size() - 1 ? ";" : ":";
            if (field.length() - lineStart + names.get(i).length() + 1 > LINE) {
                field.append("\r\n\t ");
                lineStart = field.length() - 2;
            }
            field.append(names.get(i)).append(separator);
        }
        return field.append("\r\n\tbh=").append(bodyHash).append(";\r\n\tb=").toString();
    }

    private static void appendFolded(StringBuilder field, String base64) {
        int room = LINE - 3;
        for (int i = 0; i < base64.length(); ) {
            int end = Math.min(base64.length(), i + room);
            field.append(base64, i, end);
            if (end < base64.length()) {
                field.append("\r\n\t ");
            }
            i = end;
            room = LINE - 2;
        }
    }
}
