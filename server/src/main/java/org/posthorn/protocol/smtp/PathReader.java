package org.posthorn.protocol.smtp;

import org.posthorn.mail.Address;
import org.posthorn.mail.MalformedAddressException;

/** A path in angle brackets (RFC 5321 4.1.2) and what follows it. */
final class PathReader {
    private final String status;
    private final String role;
    private final String path;
    private final String rest;

    /**
     * @param status the enhanced status for a path that is none
     * @param role sender or recipient, for the reply
     */
    PathReader(String text, String status, String role) {
        this.status = status;
        this.role = role;
        if (!text.startsWith("<")) {
            throw malformed("Put the " + role + " in angle brackets");
        }
        int end = endOfPath(text);
        if (end + 1 < text.length() && text.charAt(end + 1) != ' ') {
            throw malformed("Unexpected text after the " + role);
        }
        this.path = withoutRoute(text.substring(1, end));
        this.rest = text.substring(end + 1).strip();
    }

    boolean isEmpty() {
        return path.isEmpty();
    }

    boolean is(String word) {
        return path.equalsIgnoreCase(word);
    }

    String rest() {
        return rest;
    }

    Address address() {
        try {
            return Address.parse(path);
        } catch (MalformedAddressException e) {
            throw malformed("Not an address");
        }
    }

    private int endOfPath(String text) {
        boolean quoted = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        throw malformed("The " + role + " lacks its closing bracket");
    }

    /** RFC 5321 4.1.1.3, appendix C: a source route is accepted and ignored. */
    private String withoutRoute(String text) {
        if (!text.startsWith("@")) {
            return text;
        }
        boolean literal = false;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[') {
                literal = true;
            } else if (c == ']') {
                literal = false;
            } else if (c == ':' && !literal) {
                return text.substring(i + 1);
            }
        }
        throw malformed("Not an address");
    }

    private SmtpSyntaxException malformed(String text) {
        return new SmtpSyntaxException(SmtpReply.of(501, status, text));
    }
}
