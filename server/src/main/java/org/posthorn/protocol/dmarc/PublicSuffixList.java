package org.posthorn.protocol.dmarc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;

/** The Public Suffix List of publicsuffix.org, with its private section. Immutable. */
public final class PublicSuffixList {
    private static final String RESOURCE = "public_suffix_list.dat";

    private final Set<String> suffixes = new HashSet<>();
    /** Domains all of whose children are suffixes. */
    private final Set<String> wildcards = new HashSet<>();

    private final Set<String> exceptions = new HashSet<>();

    private PublicSuffixList(String text) {
        text.lines()
                .map(line -> line.strip().split("\\s+", 2)[0])
                .filter(rule -> !rule.isEmpty() && !rule.startsWith("//"))
                .forEach(this::add);
    }

    private void add(String rule) {
        if (rule.startsWith("!")) {
            exceptions.add(ascii(rule.substring(1)));
        } else if (rule.startsWith("*.")) {
            wildcards.add(ascii(rule.substring(2)));
        } else {
            suffixes.add(ascii(rule));
        }
    }

    private static String ascii(String name) {
        try {
            return Domain.parse(name).name();
        } catch (MalformedAddressException e) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    /** The list that comes with the program; loaded when it is asked for first. */
    public static PublicSuffixList bundled() {
        return Bundled.LIST;
    }

    /** Reads a list in the format of publicsuffix.org. */
    public static PublicSuffixList parse(String text) {
        return new PublicSuffixList(text);
    }

    /** Whether it has no rule at all. */
    public boolean isEmpty() {
        return suffixes.isEmpty() && wildcards.isEmpty() && exceptions.isEmpty();
    }

    /**
     * The domain that somebody registered: one label below the public suffix. Empty for a public suffix itself and for what is no
     * domain. A top-level domain that is not listed is a suffix.
     *
     * @param domain in any case, with A-labels or U-labels
     */
    public Optional<String> registrable(String domain) {
        String name;
        try {
            name = Domain.parse(domain).name();
        } catch (MalformedAddressException e) {
            return Optional.empty();
        }
        if (name.startsWith("[")) {
            return Optional.empty();
        }
        // From the longest candidate to the shortest: the longest rule prevails, an exception over all.
        String below = "";
        for (String candidate = name; !candidate.isEmpty(); candidate = parent(candidate)) {
            if (exceptions.contains(candidate)) {
                return Optional.of(candidate);
            }
            boolean suffix = suffixes.contains(candidate)
                    || wildcards.contains(parent(candidate))
                    || parent(candidate).isEmpty();
            if (suffix) {
                return below.isEmpty() ? Optional.empty() : Optional.of(below);
            }
            below = candidate;
        }
        return Optional.empty();
    }

    private static String parent(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }

    private static final class Bundled {
        static final PublicSuffixList LIST = load();

        private static PublicSuffixList load() {
            try (InputStream in = PublicSuffixList.class.getResourceAsStream(RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException(RESOURCE + " is missing from the program");
                }
                return new PublicSuffixList(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
