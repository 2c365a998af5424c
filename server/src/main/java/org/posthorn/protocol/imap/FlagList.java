package org.posthorn.protocol.imap;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Flags as a client names them.
 *
 * @param system known system flags
 * @param keywords the others, as written
 */
public record FlagList(List<SystemFlag> system, List<String> keywords) {
    static final int MAX_FLAGS = 200;
    static final int MAX_KEYWORD = 100;

    /** The flags that RFC 3501 2.3.2 lets a client set. */
    public enum SystemFlag {
        SEEN("\\Seen"),
        ANSWERED("\\Answered"),
        FLAGGED("\\Flagged"),
        DELETED("\\Deleted"),
        DRAFT("\\Draft");

        private final String text;

        SystemFlag(String text) {
            this.text = text;
        }

        /** As it stands in responses. */
        public String text() {
            return text;
        }

        static Optional<SystemFlag> named(String name) {
            return switch (name.toUpperCase(Locale.ROOT)) {
                case "SEEN" -> Optional.of(SEEN);
                case "ANSWERED" -> Optional.of(ANSWERED);
                case "FLAGGED" -> Optional.of(FLAGGED);
                case "DELETED" -> Optional.of(DELETED);
                case "DRAFT" -> Optional.of(DRAFT);
                default -> Optional.empty();
            };
        }
    }

    public static final FlagList NONE = new FlagList(List.of(), List.of());

    public FlagList {
        system = List.copyOf(system);
        keywords = List.copyOf(keywords);
        if (system.size() + keywords.size() > MAX_FLAGS) {
            throw new ImapSyntaxException("Too many flags");
        }
    }
}
