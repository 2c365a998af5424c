package org.posthorn.mail;

import java.nio.charset.StandardCharsets;

/**
 * A mail address as SMTP has it (RFC 5321 4.1.2 Mailbox, RFC 6531 3.3). Two addresses are equal when their local parts say the
 * same, however they were quoted, and their domains are the same.
 *
 * @param localPart what it says: without quotes and backslashes, in the case given; 1 to 64 octets on the wire, never a control
 *     character. It may hold spaces, {@code @} and {@code /}: only {@link #toString} is fit for protocols
 */
public record Address(String localPart, Domain domain) {
    /** RFC 5321 4.5.3.1.1, octets. */
    static final int MAX_LOCAL_PART = 64;
    /** RFC 5321 4.5.3.1.3 without the angle brackets, octets. */
    static final int MAX_LENGTH = 254;

    /** Throws {@link MalformedAddressException} for what no envelope can carry. */
    public Address {
        if (localPart.isEmpty() || !isPrintable(localPart)) {
            throw MalformedAddressException.of("not a local part", localPart);
        }
        int octets = octets(quoteIfNeeded(localPart));
        if (octets > MAX_LOCAL_PART) {
            throw MalformedAddressException.of("local part of more than 64 octets", localPart);
        }
        if (octets + 1 + domain.name().length() > MAX_LENGTH) {
            throw MalformedAddressException.of("address of more than 254 octets", localPart + "@" + domain);
        }
    }

    /**
     * Reads a Mailbox: no angle brackets, no route, no comments or white space around it.
     *
     * @throws MalformedAddressException for anything else
     */
    public static Address parse(String text) {
        if (text.length() > 2 * MAX_LENGTH) {
            throw MalformedAddressException.of("address of more than 254 octets", text);
        }
        int at = text.startsWith("\"") ? endOfQuotedString(text) : endOfDotString(text);
        if (at >= text.length() || text.charAt(at) != '@') {
            throw MalformedAddressException.of("not an address", text);
        }
        String local = text.substring(0, at);
        return new Address(local.startsWith("\"") ? unquote(local) : local, Domain.parse(text.substring(at + 1)));
    }

    /**
     * With the local part as {@link UserName} maps it: lower case, one normal form and width. For look-ups in the directory. Where
     * that would be too long for an address, as it is.
     */
    public Address canonical() {
        String mapped = UserName.mapped(localPart);
        if (mapped.equals(localPart)) {
            return this;
        }
        return octets(quoteIfNeeded(mapped)) > MAX_LOCAL_PART
                        || octets(quoteIfNeeded(mapped)) + 1 + domain.name().length() > MAX_LENGTH
                ? this
                : new Address(mapped, domain);
    }

    /** Whether it can only be sent with SMTPUTF8 (RFC 6531); the domain is in A-labels and never needs it. */
    public boolean needsSmtpUtf8() {
        return !localPart.chars().allMatch(c -> c < 0x80);
    }

    /** The form for the wire, between angle brackets: the local part quoted where it must be (RFC 5321 4.1.2). */
    @Override
    public String toString() {
        return quoteIfNeeded(localPart) + "@" + domain.name();
    }

    private static int endOfDotString(String text) {
        int i = 0;
        while (i < text.length() && (isAtext(text.charAt(i)) || text.charAt(i) == '.')) {
            i++;
        }
        if (!isDotString(text.substring(0, i))) {
            throw MalformedAddressException.of("not a local part", text);
        }
        return i;
    }

    private static int endOfQuotedString(String text) {
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++;
            }
        }
        throw MalformedAddressException.of("quotation mark without its end", text);
    }

    private static String unquote(String quoted) {
        StringBuilder content = new StringBuilder(quoted.length());
        for (int i = 1; i < quoted.length() - 1; i++) {
            char c = quoted.charAt(i);
            content.append(c == '\\' ? quoted.charAt(++i) : c);
        }
        return content.toString();
    }

    private static String quoteIfNeeded(String localPart) {
        return isDotString(localPart)
                ? localPart
                : '"' + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** RFC 5321 4.1.2 Dot-string, with the UTF-8 of RFC 6531 3.3. */
    private static boolean isDotString(String text) {
        boolean afterDot = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? afterDot : !isAtext(c)) {
                return false;
            }
            afterDot = c == '.';
        }
        return !afterDot;
    }

    private static boolean isAtext(char c) {
        return c >= 0x80
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
    }

    /** Lone surrogates have no UTF-8, and controls, C1 among them, no place in an address. */
    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (Character.isISOControl(c) || (c >= 0xd800 && c <= 0xdfff) || c == 0x2028 || c == 0x2029) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
