package org.posthorn.protocol.spf;

import java.util.ArrayList;
import java.util.List;

/** The grammar of RFC 7208 7.1. */
final class MacroParser {
    private static final String LETTERS = "slodiphv";
    private static final String LETTERS_TO_EXPLAIN = "crt";
    private static final String DELIMITERS = ".-+,/_=";
    /** More parts than any value has. */
    private static final int ALL = 1000;

    private final String text;
    private final boolean explaining;
    private final List<MacroString.Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int at;

    MacroParser(String text, boolean explaining) {
        this.text = text;
        this.explaining = explaining;
    }

    List<MacroString.Part> parts() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '%') {
                expand();
            } else if (c > 0x7e || c < ' ' || (c == ' ' && !explaining)) {
                throw new MalformedSpfException("a character that may not stand there: U+%04X".formatted((int) c));
            } else {
                literal.append(c);
            }
        }
        endLiteral();
        return parts;
    }

    private void expand() {
        switch (next()) {
            case '%' -> literal.append('%');
            case '_' -> literal.append(' ');
            case '-' -> literal.append("%20");
            case '{' -> {
                endLiteral();
                parts.add(macro());
            }
            default -> throw new MalformedSpfException("a stray % in \"" + text + "\"");
        }
    }

    private MacroString.Macro macro() {
        char letter = next();
        char lower = Character.toLowerCase(letter);
        if (LETTERS.indexOf(lower) < 0 && !(explaining && LETTERS_TO_EXPLAIN.indexOf(lower) >= 0)) {
            throw new MalformedSpfException("no such macro: %{" + letter + "} in \"" + text + "\"");
        }
        int keep = keep();
        char c = next();
        boolean reversed = c == 'r' || c == 'R';
        if (reversed) {
            c = next();
        }
        StringBuilder delimiters = new StringBuilder();
        while (DELIMITERS.indexOf(c) >= 0) {
            delimiters.append(c);
            c = next();
        }
        if (c != '}') {
            throw new MalformedSpfException("a macro that does not end in \"" + text + "\"");
        }
        return new MacroString.Macro(
                lower, letter != lower, keep, reversed, delimiters.isEmpty() ? "." : delimiters.toString());
    }

    private int keep() {
        int start = at;
        int keep = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            keep = Math.min(ALL, keep * 10 + text.charAt(at++) - '0');
        }
        // RFC 7208 7.3: the number must not be zero.
        if (at > start && keep == 0) {
            throw new MalformedSpfException("a macro that keeps nothing in \"" + text + "\"");
        }
        return at == start ? ALL : keep;
    }

    private char next() {
        if (at >= text.length()) {
            throw new MalformedSpfException("a macro that does not end in \"" + text + "\"");
        }
        return text.charAt(at++);
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            parts.add(new MacroString.Literal(literal.toString()));
            literal.setLength(0);
        }
    }
}
