package org.posthorn.protocol.sasl;

import java.util.Locale;

/** Names of accounts as clients send them. */
final class LoginNames {
    private LoginNames() {}

    /**
     * The name as it came; the directory knows which spellings are the same (RFC 8265). Throws {@link SaslSyntaxException} for what no
     * name has and no log should have: controls, invisible characters, private ones.
     */
    static String checked(String name) {
        name.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR ->
                    throw new SaslSyntaxException(String.format(Locale.ROOT, "U+%04X in a name", c));
                default -> {}
            }
        });
        return name;
    }
}
