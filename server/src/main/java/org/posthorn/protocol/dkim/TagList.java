package org.posthorn.protocol.dkim;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.mail.Domain;

/**
 * A list {@code tag=value; tag=value} (RFC 6376 3.2). Text is ISO 8859-1, one char per octet; UTF-8 passes (RFC 8616). Immutable.
 */
public final class TagList {
    /** Tags of one list: real ones have a dozen. */
    public static final int MAX_TAGS = 100;

    /** Digits of a number (RFC 6376 3.5: {@code x=} has at most 12, {@code l=} 76, none of which means more than 18). */
    private static final int MAX_DIGITS = 18;

    private static final int MAX_SELECTOR = 200;

    private final Map<String, String> tags;

    private TagList(Map<String, String> tags) {
        this.tags = Collections.unmodifiableMap(tags);
    }

    /**
     * Reads a list.
     *
     * @throws DkimSyntaxException if it is not one, or names a tag twice
     */
    public static TagList parse(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(';', start);
            int next = end < 0 ? text.length() : end;
            String spec = trimmed(text.substring(start, next));
            if (!spec.isEmpty()) {
                if (tags.size() == MAX_TAGS) {
                    throw new DkimSyntaxException("more than " + MAX_TAGS + " tags");
                }
                add(tags, spec);
            } else if (end >= 0) {
                throw new DkimSyntaxException("an empty tag");
            }
            start = next + 1;
        }
        return new TagList(tags);
    }

    private static void add(Map<String, String> tags, String spec) {
        int equals = spec.indexOf('=');
        if (equals < 0) {
            throw new DkimSyntaxException("a tag without value: " + shown(spec));
        }
        String name = trimmed(spec.substring(0, equals));
        if (!isName(name)) {
            throw new DkimSyntaxException("not a tag's name: " + shown(name));
        }
        String value = trimmed(spec.substring(equals + 1));
        if (!value.chars().allMatch(c -> (c >= 0x20 && c != 0x7f) || isSpace((char) c))) {
            throw new DkimSyntaxException("a control character in tag " + name);
        }
        if (tags.put(name, value) != null) {
            // RFC 6376 3.2: such a list is invalid as a whole.
            throw new DkimSyntaxException("tag " + name + " occurs twice");
        }
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && isLetter(name.charAt(0))
                && name.chars().allMatch(c -> isLetter(c) || (c >= '0' && c <= '9') || c == '_');
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** For messages: no control characters, not without end. */
    public static String shown(String text) {
        String start = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return start.replaceAll("[^ -~]", "?");
    }

    public boolean has(String tag) {
        return tags.containsKey(tag);
    }

    /** The first tag's name; empty for an empty list. */
    public Optional<String> first() {
        return tags.keySet().stream().findFirst();
    }

    public Optional<String> find(String tag) {
        return Optional.ofNullable(tags.get(tag));
    }

    /**
     * The value of a tag.
     *
     * @throws DkimSyntaxException if it is missing or empty
     */
    public String require(String tag) {
        String value = tags.getOrDefault(tag, "");
        if (value.isEmpty()) {
            throw new DkimSyntaxException("tag " + tag + " is missing");
        }
        return value;
    }

    /**
     * The value of {@code d=}.
     *
     * @throws DkimSyntaxException if it is missing or not a domain
     */
    public Domain domain() {
        return domain(utf8(require("d")));
    }

    static Domain domain(String text) {
        try {
            Domain domain = Domain.parse(text);
            if (!domain.isAddressLiteral()) {
                return domain;
            }
        } catch (IllegalArgumentException e) {
            // As for an address.
        }
        throw new DkimSyntaxException("not a domain: " + shown(text));
    }

    /**
     * The value of {@code s=}.
     *
     * @throws DkimSyntaxException if it is missing or cannot be part of a name
     */
    public String selector() {
        String selector = utf8(require("s"));
        if (selector.length() > MAX_SELECTOR || selector.chars().anyMatch(c -> c <= ' ')) {
            throw new DkimSyntaxException("not a selector: " + shown(selector));
        }
        return selector;
    }

    /** RFC 8616 3: values that are names may be UTF-8. */
    static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /**
     * The value of a tag in dkim-quoted-printable (RFC 6376 2.11), decoded. An equals sign that no two hexadecimal digits follow stands
     * for itself: signers write addresses such as {@code bounces+user=host@domain} as they are.
     *
     * @throws DkimSyntaxException for a control character
     */
    Optional<String> quotedPrintable(String tag) {
        return find(tag).map(value -> {
            String text = utf8(unquoted(withoutSpace(value)));
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new DkimSyntaxException("a control character in tag " + tag);
            }
            return text;
        });
    }

    private static String unquoted(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '=' && i + 2 < value.length() && isHex(value.charAt(i + 1)) && isHex(value.charAt(i + 2))) {
                text.append((char) Integer.parseInt(value, i + 1, i + 3, 16));
                i += 2;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Capitals alone, as 2.11 has it. */
    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    }

    /** The value without any white space, in lower case. */
    public Optional<String> word(String tag) {
        return find(tag).map(value -> withoutSpace(value).toLowerCase(Locale.ROOT));
    }

    static String withoutSpace(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            if (!isSpace(value.charAt(i))) {
                text.append(value.charAt(i));
            }
        }
        return text.toString();
    }

    /**
     * The value of a tag as a number.
     *
     * @throws DkimSyntaxException if it is not a number of at most 18 digits
     */
    public OptionalLong number(String tag) {
        Optional<String> value = find(tag);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        String digits = value.get();
        if (digits.isEmpty() || digits.length() > MAX_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new DkimSyntaxException("tag " + tag + " is not a number: " + shown(digits));
        }
        return OptionalLong.of(Long.parseLong(digits));
    }

    /**
     * The value of a tag, decoded.
     *
     * @throws DkimSyntaxException if it is missing, empty or not base64
     */
    public byte[] base64(String tag) {
        try {
            return Base64.getDecoder().decode(withoutSpace(require(tag)).getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new DkimSyntaxException("tag " + tag + " is not base64");
        }
    }
}
