package org.posthorn.protocol.arc;

import org.posthorn.mail.HeaderField;

/** The three fields of a set and the tag that holds them together, {@code i=} (RFC 8617 4.2.1). */
final class ArcField {
    static final String RESULTS = "ARC-Authentication-Results";
    static final String SIGNATURE = "ARC-Message-Signature";
    static final String SEAL = "ARC-Seal";

    private ArcField() {}

    static boolean isOne(HeaderField field) {
        return field.is(RESULTS) || field.is(SIGNATURE) || field.is(SEAL);
    }

    /** Of a field that {@linkplain #isOne is one}. */
    static String nameOf(HeaderField field) {
        return field.is(RESULTS) ? RESULTS : field.is(SIGNATURE) ? SIGNATURE : SEAL;
    }

    /** From 1 to {@value ArcChain#MAX_SETS}; 0 for a field without one, or with one that is out of bounds or not a number. */
    static int instance(HeaderField field) {
        return field.is(RESULTS) ? ResultsInstance.of(field.value()).number() : tagged(field.value());
    }

    /** A tag among tags. */
    private static int tagged(String value) {
        int found = 0;
        for (int start = 0; start < value.length(); ) {
            int semicolon = value.indexOf(';', start);
            int stop = semicolon < 0 ? value.length() : semicolon;
            String tag = value.substring(start, stop).strip();
            if (tag.startsWith("i") && tag.substring(1).stripLeading().startsWith("=")) {
                int number = number(tag.substring(tag.indexOf('=') + 1).strip());
                if (found > 0 || number == 0) {
                    return 0;
                }
                found = number;
            }
            start = stop + 1;
        }
        return found;
    }

    /** 0 for anything else than an instance. */
    static int number(String digits) {
        if (!digits.matches("[0-9]{1,2}")) {
            return 0;
        }
        int number = Integer.parseInt(digits);
        return number <= ArcChain.MAX_SETS ? number : 0;
    }
}
