package org.posthorn.protocol.dkim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.posthorn.mail.HeaderField;

/**
 * The fields that signatures cover.
 *
 * @param names for {@code h=}, in the order they are hashed
 * @param form in which they and the signature's own field are hashed
 * @param canonical the covered fields in that form, each with CRLF; ISO 8859-1
 */
public record SignedHeader(List<String> names, Canonicalization form, String canonical) {
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

    public SignedHeader {
        names = List.copyOf(names);
    }

    /** Chooses from the fields of a message, which are in its order. */
    public static SignedHeader of(List<HeaderField> fields, Canonicalization form) {
        return of(fields, form, List.of());
    }

    /**
     * Chooses from the fields of a message, which are in its order.
     *
     * @param more names of fields that are signed as well, as often as they occur
     */
    public static SignedHeader of(List<HeaderField> fields, Canonicalization form, List<String> more) {
        Map<String, Integer> count = new HashMap<>();
        fields.forEach(field -> count.merge(field.lowerName(), 1, Integer::sum));
        List<String> names = new ArrayList<>();
        for (List<String> group : Arrays.asList(OVERSIGNED, SIGNED, more)) {
            for (String name : group) {
                names.addAll(Collections.nCopies(count.getOrDefault(name.toLowerCase(Locale.ROOT), 0), name));
            }
        }
        // A name without a field of its own stands for nothing now and for any field that is added later.
        names.addAll(OVERSIGNED);
        return ofNames(new HeaderHash(fields), form, names);
    }

    /**
     * Takes these names, whatever they are.
     *
     * @param names for {@code h=}
     */
    public static SignedHeader ofNames(HeaderHash header, Canonicalization form, List<String> names) {
        StringBuilder canonical = new StringBuilder(1024);
        header.append(canonical, names, form);
        return new SignedHeader(names, form, canonical.toString());
    }

    /**
     * Signs.
     *
     * @param unsigned the signature's field with an empty {@code b=} at its end
     * @return the field with its signature and CRLF
     */
    public String sign(HeaderField unsigned, DkimKey key) {
        StringBuilder input = new StringBuilder(canonical);
        // RFC 6376 3.7: the signature field itself comes last, with an empty b= and no line end.
        HeaderCanonicalizer.append(input, unsigned, form);
        return SignatureWriter.signed(unsigned, key.sign(input.toString()));
    }
}
