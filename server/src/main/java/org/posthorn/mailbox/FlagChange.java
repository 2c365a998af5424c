package org.posthorn.mailbox;

/** What STORE does to the flags of a message (RFC 3501 6.4.6). */
public record FlagChange(Mode mode, Flags flags) {
    /** How the flags given meet those that are there. */
    public enum Mode {
        ADD,
        REMOVE,
        REPLACE
    }

    public Flags applyTo(Flags before) {
        return switch (mode) {
            case ADD -> before.plus(flags);
            case REMOVE -> before.minus(flags);
            case REPLACE -> flags;
        };
    }
}
