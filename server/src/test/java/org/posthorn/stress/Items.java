package org.posthorn.stress;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The data items of a FETCH response (RFC 3501 7.4.2), by name in upper case. */
final class Items {
    private final String text;
    private int at;

    private Items(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /**
     * Reads {@code (NAME VALUE ...)} up to the end of the response.
     *
     * @throws IllegalArgumentException it is not whole, or something is behind it
     */
    static Map<String, String> parse(String response, int from) {
        Items items = new Items(response, from);
        Map<String, String> found = new HashMap<>();
        items.expect('(');
        while (items.peek() != ')') {
            String name = items.name();
            items.expect(' ');
            found.put(name, items.value());
            if (items.peek() == ' ') {
                items.at++;
            }
        }
        items.expect(')');
        if (items.at != response.length()) {
            throw new IllegalArgumentException("something behind the list");
        }
        return found;
    }

    private char peek() {
        if (at >= text.length()) {
            throw new IllegalArgumentException("ends too soon");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new IllegalArgumentException("no '" + c + "' at " + at);
        }
        at++;
    }

    private String name() {
        int from = at;
        for (int depth = 0; depth > 0 || peek() != ' '; at++) {
            depth += peek() == '[' ? 1 : peek() == ']' ? -1 : 0;
        }
        return text.substring(from, at).toUpperCase(Locale.ROOT);
    }

    private String value() {
        return switch (peek()) {
            case '(' -> list();
            case '"' -> quoted();
            case '{' -> literal();
            default -> atom();
        };
    }

    private String list() {
        int from = at++;
        while (peek() != ')') {
            value();
            if (peek() == ' ') {
                at++;
            }
        }
        return text.substring(from, ++at);
    }

    private String quoted() {
        int from = ++at;
        for (; peek() != '"'; at++) {
            at += peek() == '\\' ? 1 : 0;
        }
        return text.substring(from, at++);
    }

    private String literal() {
        int close = text.indexOf("}\r\n", at);
        int octets = Integer.parseInt(text, at + 1, close, 10);
        at = close + 3 + octets;
        return text.substring(close + 3, at);
    }

    private String atom() {
        int from = at;
        while (peek() != ' ' && peek() != ')' && peek() != '(') {
            at++;
        }
        return text.substring(from, at);
    }
}
