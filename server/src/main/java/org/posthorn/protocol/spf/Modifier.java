package org.posthorn.protocol.spf;

/** Additional information (RFC 7208 6). */
public sealed interface Modifier {
    record Redirect(MacroString domain) implements Modifier {}

    record Explanation(MacroString domain) implements Modifier {}

    /** One that is to be ignored (RFC 7208 6). */
    record Unknown(String name, MacroString value) implements Modifier {}
}
