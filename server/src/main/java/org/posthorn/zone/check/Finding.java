package org.posthorn.zone.check;

import java.util.List;

/**
 * One thing looked at.
 *
 * @param topic what it is about, in a word: the purpose of a record, or {@code dnssec}, {@code blocklist} ...
 * @param name of the record, or address
 * @param text one line; empty where the state says all
 * @param fix lines of a zone file to copy, and otherwise what to do, beginning with a semicolon as comments do
 */
public record Finding(State state, String topic, String name, String text, List<String> fix) {
    private static final int MAX_TEXT = 600;

    public Finding {
        // Foreign text ends up on a terminal.
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        text = clean.substring(0, Math.min(MAX_TEXT, clean.length()));
        fix = List.copyOf(fix);
    }

    static Finding of(State state, String topic, String name, String text) {
        return new Finding(state, topic, name, text, List.of());
    }
}
