package org.posthorn.config.opendkim;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** OpenDKIM's SigningTable: who signs for which address. Immutable. */
final class SigningTable {
    /** No address has it: stands for the user whom only a wildcard means. */
    private static final String ANYBODY = "\u0001";

    private final List<OpenDkimLines.Line> lines;
    private final boolean patterns;

    /** @param patterns whether {@code *} is a wildcard, as in a refile */
    SigningTable(List<OpenDkimLines.Line> lines, boolean patterns) {
        this.lines = List.copyOf(lines);
        this.patterns = patterns;
    }

    List<OpenDkimLines.Line> lines() {
        return lines;
    }

    /** The name in KeyTable of a line; what follows it (another signer for {@code i=}) means nothing to us. */
    static String key(OpenDkimLines.Line line) {
        return line.rest().split("\\s+", 2)[0];
    }

    /** The domains that lines name in full, in their order. */
    Set<String> domains() {
        Set<String> domains = new LinkedHashSet<>();
        for (OpenDkimLines.Line line : lines) {
            String domain = lower(line.first().substring(line.first().lastIndexOf('@') + 1));
            boolean bare = line.first().indexOf('@') < 0;
            // In a refile a bare name is no address, so that nothing matches it.
            if (isPlain(domain) && !(bare && patterns)) {
                domains.add(domain);
            }
        }
        return domains;
    }

    private static boolean isPlain(String domain) {
        return !domain.isEmpty() && domain.charAt(0) != '.' && domain.indexOf('*') < 0 && domain.indexOf('%') < 0;
    }

    /**
     * The lines that match every address of a domain, as opendkim.conf(5) says: of a refile in their order, of another table by
     * the domain, then by {@code .parent}, at last {@code *}.
     */
    List<OpenDkimLines.Line> ofAll(String domain) {
        if (patterns) {
            return lines.stream()
                    .filter(line -> matches(lower(line.first()), ANYBODY + "@" + domain))
                    .toList();
        }
        List<String> names = new ArrayList<>(List.of(domain));
        for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            names.add(domain.substring(dot));
        }
        names.add("*");
        List<OpenDkimLines.Line> found = new ArrayList<>();
        for (String name : names) {
            lines.stream().filter(line -> lower(line.first()).equals(name)).forEach(found::add);
        }
        return found;
    }

    /** The lines that match only some addresses of a domain. */
    List<OpenDkimLines.Line> ofSome(String domain) {
        return lines.stream()
                .filter(line -> {
                    String address = lower(line.first());
                    return address.endsWith("@" + domain) && !(patterns && matches(address, ANYBODY + "@" + domain));
                })
                .toList();
    }

    /** Whether a glob matches: goes back to its last star only, so that the time is bounded by the product of the lengths. */
    static boolean matches(String glob, String text) {
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (in < text.length()) {
            if (at < glob.length() && glob.charAt(at) == '*') {
                star = at++;
                resume = in;
            } else if (at < glob.length() && glob.charAt(at) == text.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++resume;
            } else {
                return false;
            }
        }
        while (at < glob.length() && glob.charAt(at) == '*') {
            at++;
        }
        return at == glob.length();
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
