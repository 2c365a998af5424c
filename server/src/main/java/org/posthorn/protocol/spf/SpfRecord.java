package org.posthorn.protocol.spf;

import java.util.List;
import java.util.Optional;

/** A published policy (RFC 7208 3): directives in the order they are tried. */
public record SpfRecord(List<Directive> directives, List<Modifier> modifiers) {
    /** No DNS message carries a longer one. */
    static final int MAX_LENGTH = 65_535;

    private static final String VERSION = "v=spf1";

    public SpfRecord {
        directives = List.copyOf(directives);
        modifiers = List.copyOf(modifiers);
    }

    /** RFC 7208 4.5: "v=spf1" and then a space or nothing. */
    public static boolean isOne(String text) {
        return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /** Reads the text of a TXT record. RFC 7208 4.6: an error anywhere spoils the whole. */
    public static SpfRecord parse(String text) {
        if (!isOne(text)) {
            throw new MalformedSpfException("does not begin with v=spf1");
        }
        if (text.length() > MAX_LENGTH) {
            throw new MalformedSpfException("a record of more than " + MAX_LENGTH + " characters");
        }
        return new SpfParser().parse(text.substring(VERSION.length()));
    }

    Optional<Modifier.Redirect> redirect() {
        return first(Modifier.Redirect.class);
    }

    Optional<Modifier.Explanation> explanation() {
        return first(Modifier.Explanation.class);
    }

    private <T extends Modifier> Optional<T> first(Class<T> type) {
        return modifiers.stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
