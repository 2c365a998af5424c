package org.posthorn.protocol.spf;

import java.util.List;

/** Text with macros in it (RFC 7208 7). */
public record MacroString(String text, List<Part> parts) {
    public MacroString {
        parts = List.copyOf(parts);
    }

    /** A piece of it. */
    public sealed interface Part {}

    /** Text that stands for itself. */
    public record Literal(String text) implements Part {}

    /**
     * A macro.
     *
     * @param letter in lower case
     * @param escaped the letter was written in upper case: the value is escaped as in URLs
     * @param keep how many parts from the right are used; all when there are fewer
     * @param delimiters what the value is split at
     */
    public record Macro(char letter, boolean escaped, int keep, boolean reversed, String delimiters) implements Part {}

    /** Whether its value is the same for every mail. */
    boolean isConstant() {
        return parts.stream().allMatch(Literal.class::isInstance);
    }

    /** Throws {@link MalformedSpfException} unless it is a domain-spec (RFC 7208 7.1). */
    static MacroString domainSpec(String text) {
        MacroString parsed = parse(text, false);
        if (parsed.parts.isEmpty()) {
            throw new MalformedSpfException("a domain is missing");
        }
        if (parsed.parts.getLast() instanceof Literal(String end) && !endsInTopLabel(end)) {
            throw new MalformedSpfException("\"" + text + "\" does not end as a domain does");
        }
        return parsed;
    }

    /** {@code domain-end = "." toplabel ["."]}; a toplabel has a letter or a hyphen in it and no hyphen at its ends. */
    private static boolean endsInTopLabel(String literal) {
        String end = literal.endsWith(".") ? literal.substring(0, literal.length() - 1) : literal;
        int dot = end.lastIndexOf('.');
        String top = end.substring(dot + 1);
        return dot >= 0 && top.matches("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?") && !top.matches("[0-9]+");
    }

    /**
     * Reads text with macros.
     *
     * @param explaining in the text of an explanation, where spaces and the letters c, r and t are allowed too
     */
    static MacroString parse(String text, boolean explaining) {
        return new MacroString(text, new MacroParser(text, explaining).parts());
    }
}
