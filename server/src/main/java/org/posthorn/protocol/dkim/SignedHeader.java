package org.posthorn.protocol.dkim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.posthorn.mail.HeaderField;

/**
 * The fields that signatures cover.
 *
 * @param names for {@code h=}, in the order they are hashed
 * @param canonical the covered fields in relaxed form, each with CRLF; ISO 8859-1
 */
record SignedHeader(List<String> names, String canonical) {
    /**
     * Signed once more often than they occur, so that none can be added (RFC 6376 8.15): what a reader is shown, what a
     * reply goes to, and how the body is read.
     */
    private static final List<String> OVERSIGNED = List.of(
            "From",
            "To",
            "Cc",
            "Subject",
            "Date",
            "Message-ID",
            "Reply-To",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding");

    /** Signed as often as they occur (RFC 6376 5.4.1, RFC 8058 4); mailing lists may add theirs. */
    private static final List<String> SIGNED = List.of(
            "Sender",
            "In-Reply-To",
            "References",
            "Resent-Date",
            "Resent-From",
            "Resent-Sender",
            "Resent-To",
            "Resent-Cc",
            "Content-ID",
            "Content-Description",
            "List-Id",
            "List-Help",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "List-Subscribe",
            "List-Post",
            "List-Owner",
            "List-Archive",
            "Feedback-ID",
            "Autocrypt");

    private static final Set<String> KNOWN = known();

    SignedHeader {
        names = List.copyOf(names);
    }

    private static Set<String> known() {
        Set<String> known = new HashSet<>();
        OVERSIGNED.forEach(name -> known.add(name.toLowerCase(Locale.ROOT)));
        SIGNED.forEach(name -> known.add(name.toLowerCase(Locale.ROOT)));
        return known;
    }

    /** Chooses from the fields of a message, which are in its order. */
    static SignedHeader of(List<HeaderField> fields) {
        Map<String, List<HeaderField>> byName = new HashMap<>();
        for (HeaderField field : fields) {
            String name = field.lowerName();
            if (KNOWN.contains(name)) {
                byName.computeIfAbsent(name, n -> new ArrayList<>(2)).add(field);
            }
        }
        List<String> names = new ArrayList<>();
        StringBuilder canonical = new StringBuilder(1024);
        for (List<String> group : Arrays.asList(OVERSIGNED, SIGNED)) {
            for (String name : group) {
                // RFC 6376 5.4.2: several fields of a name are signed from the last to the first.
                for (HeaderField field : byName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of())
                        .reversed()) {
                    names.add(name);
                    HeaderCanonicalizer.append(canonical, field, Canonicalization.RELAXED);
                    canonical.append("\r\n");
                }
            }
        }
        // A name without a field of its own stands for nothing now and for any field that is added later.
        names.addAll(OVERSIGNED);
        return new SignedHeader(names, canonical.toString());
    }
}
