package org.posthorn.protocol.imap;

import java.util.Locale;
import java.util.function.IntPredicate;

/** A place in a request's text, and the tokens of RFC 3501 section 9 that are read from there. */
final class RequestCursor {
    /** How deep lists and search keys may nest. */
    static final int MAX_DEPTH = 32;

    private static final long MAX_NUMBER = 0xffff_ffffL;

    private final String text;
    private int at;

    RequestCursor(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The next char, or NUL (which no request holds) at the end. */
    char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    boolean accept(char c) {
        if (peek() != c || atEnd()) {
            return false;
        }
        at++;
        return true;
    }

    void expect(char c) {
        if (!accept(c)) {
            throw new ImapSyntaxException("Expected '" + c + "' " + where());
        }
    }

    void space() {
        if (!accept(' ')) {
            throw new ImapSyntaxException(atEnd() ? "Missing argument" : "Expected a space " + where());
        }
    }

    void end() {
        if (!atEnd()) {
            throw new ImapSyntaxException("Unexpected text " + where());
        }
    }

    private String where() {
        return atEnd() ? "at the end" : "at position " + (at + 1);
    }

    /** Text of one class of char, at least one. */
    String run(IntPredicate member, String name) {
        int start = at;
        while (at < text.length() && member.test(text.charAt(at))) {
            at++;
        }
        if (start == at) {
            throw new ImapSyntaxException("Expected " + name + " " + where());
        }
        return text.substring(start, at);
    }

    String tag() {
        return run(Ascii::isTagChar, "a tag");
    }

    String atom() {
        return run(Ascii::isAtomChar, "an atom");
    }

    /** An atom in upper case, for keywords. */
    String keyword() {
        return atom().toUpperCase(Locale.ROOT);
    }

    /** Letters, digits, dots and hyphens in upper case: a FETCH item's or section's name up to its bracket. */
    String itemName() {
        return run(c -> (c < 128 && Character.isLetterOrDigit(c)) || c == '.' || c == '-', "a name")
                .toUpperCase(Locale.ROOT);
    }

    String astring() {
        return isString() ? string() : run(Ascii::isAstringChar, "a string");
    }

    String listMailbox() {
        return isString() ? string() : run(Ascii::isListChar, "a mailbox pattern");
    }

    boolean isString() {
        return peek() == '"' || peek() == '{';
    }

    String string() {
        return switch (peek()) {
            case '"' -> quoted();
            case '{' -> literal();
            default -> throw new ImapSyntaxException("Expected a string " + where());
        };
    }

    /** True when NIL was there and is consumed. */
    boolean nil() {
        if (text.regionMatches(true, at, "NIL", 0, 3)
                && (at + 3 == text.length() || !Ascii.isAstringChar(text.charAt(at + 3)))) {
            at += 3;
            return true;
        }
        return false;
    }

    private String quoted() {
        int start = ++at;
        StringBuilder unescaped = null;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                String plain = text.substring(start, at++);
                return unescaped == null ? plain : unescaped.append(plain).toString();
            }
            if (c == '\r' || c == '\n' || c == 0) {
                break;
            }
            if (c == '\\') {
                unescaped = unescaped == null ? new StringBuilder() : unescaped;
                unescaped.append(text, start, at);
                start = ++at;
                // quoted-specials = DQUOTE / "\"
                if (peek() != '"' && peek() != '\\') {
                    throw new ImapSyntaxException("Wrong escape in a quoted string " + where());
                }
            }
            at++;
        }
        throw new ImapSyntaxException("Unterminated quoted string");
    }

    private String literal() {
        expect('{');
        long size = number();
        accept('+');
        expect('}');
        expect('\r');
        expect('\n');
        if (size > text.length() - at) {
            throw new ImapSyntaxException("Literal is shorter than its size");
        }
        String content = text.substring(at, at + (int) size);
        at += (int) size;
        // literal = "{" number "}" CRLF *CHAR8, and CHAR8 excludes NUL
        if (content.indexOf(0) >= 0) {
            throw new ImapSyntaxException("NUL in a literal");
        }
        return content;
    }

    /** 0 to 4,294,967,295. */
    long number() {
        int start = at;
        long value = 0;
        while (Ascii.isDigit(peek())) {
            value = value * 10 + (text.charAt(at++) - '0');
            if (value > MAX_NUMBER) {
                throw new ImapSyntaxException("Number too large");
            }
        }
        if (start == at) {
            throw new ImapSyntaxException("Expected a number " + where());
        }
        return value;
    }

    /** 1 to 4,294,967,295, without a leading zero. */
    long nonZero() {
        if (peek() == '0') {
            throw new ImapSyntaxException("Expected a number from 1 up " + where());
        }
        return number();
    }

    SequenceSet sequenceSet() {
        return SequenceSet.parse(run(c -> Ascii.isDigit(c) || c == '*' || c == ':' || c == ',', "a message set"));
    }

    /** A mailbox name, decoded from modified UTF-7. */
    String mailbox() {
        return ModifiedUtf7.decode(astring());
    }

    /** Opens a bracketed list item: true while there is a next one, after the separating space. */
    boolean listGoesOn() {
        if (accept(')')) {
            return false;
        }
        space();
        return true;
    }

    /** Whether this word and a space come next, in any case. */
    boolean startsWithWord(String word) {
        return text.regionMatches(true, at, word, 0, word.length())
                && at + word.length() < text.length()
                && text.charAt(at + word.length()) == ' ';
    }

    /** Leaves the rest unread. */
    void toEnd() {
        at = text.length();
    }
}
