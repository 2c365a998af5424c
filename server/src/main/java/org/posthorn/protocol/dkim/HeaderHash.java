package org.posthorn.protocol.dkim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.mail.HeaderField;

/** Puts together what the signature of a header covers (RFC 6376 3.7). */
public final class HeaderHash {
    /** RFC 5322 3.6.5 has no more to say than "Re: "; lists put their tag before or behind it. */
    private static final Pattern TAGGED =
            Pattern.compile("(subject:\\s*(?:re:\\s*)?)\\[[^\\[\\]]{1,60}+\\]\\s*", Pattern.CASE_INSENSITIVE);

    private final Map<String, List<HeaderField>> byName = new HashMap<>();

    /**
     * Of one message.
     *
     * @param fields its header, in order
     */
    public HeaderHash(List<HeaderField> fields) {
        for (HeaderField field : fields) {
            byName.computeIfAbsent(field.lowerName(), _ -> new ArrayList<>(2)).add(field);
        }
    }

    /** Appends the fields named, each with CRLF: of several of a name the last comes first (RFC 6376 5.4.2). */
    void append(StringBuilder target, List<String> names, Canonicalization form) {
        Map<String, Integer> used = new HashMap<>();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            List<HeaderField> fields = byName.getOrDefault(lower, List.of());
            int taken = used.merge(lower, 1, Integer::sum);
            // RFC 6376 5.4.2: a name for which there is no field (any more) stands for nothing.
            if (taken <= fields.size()) {
                HeaderCanonicalizer.append(target, fields.get(fields.size() - taken), form);
                target.append("\r\n");
            }
        }
    }

    /** The octets that the signature is of: the fields named and its own. */
    byte[] input(DkimSignature signature) {
        StringBuilder input = new StringBuilder(2048);
        append(input, signature.names(), signature.headerForm());
        HeaderCanonicalizer.append(
                input, HeaderCanonicalizer.withoutSignature(signature.field()), signature.headerForm());
        return input.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The header as it was if a mailing list has put its name in brackets before the subject; empty where there is no such tag. */
    Optional<HeaderHash> withoutSubjectTag() {
        List<HeaderField> subjects = byName.getOrDefault("subject", List.of());
        if (subjects.size() != 1) {
            return Optional.empty();
        }
        Matcher tagged = TAGGED.matcher(subjects.getFirst().raw());
        if (!tagged.lookingAt()) {
            return Optional.empty();
        }
        String raw = tagged.group(1) + subjects.getFirst().raw().substring(tagged.end());
        HeaderHash other = new HeaderHash(List.of(new HeaderField(raw)));
        byName.forEach(other.byName::putIfAbsent);
        return Optional.of(other);
    }

    /** Whether a mailing list has sent it on. */
    boolean isOfList() {
        return byName.values().stream().anyMatch(named -> named.getFirst().isOfList());
    }

    boolean has(String lowerName) {
        return byName.containsKey(lowerName);
    }
}
