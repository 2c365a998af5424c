package org.posthorn.mailbox;

import java.util.List;
import java.util.Locale;

/**
 * A mailbox's place in the hierarchy, independent of any separator: its levels from the top. {@code INBOX} is the same in
 * any case (RFC 3501 5.1). Levels are Unicode text; none is empty, at most 255 UTF-8 octets each and 16 deep.
 */
public record MailboxName(List<String> levels) implements Comparable<MailboxName> {
    private static final int MAX_LEVELS = 16;
    private static final int MAX_LEVEL_LENGTH = 200;

    public static final MailboxName INBOX = new MailboxName(List.of("INBOX"));

    public MailboxName {
        if (levels.isEmpty() || levels.size() > MAX_LEVELS) {
            throw new IllegalArgumentException("a mailbox name has 1 to " + MAX_LEVELS + " levels");
        }
        for (String level : levels) {
            if (level.isEmpty() || level.length() > MAX_LEVEL_LENGTH) {
                throw new IllegalArgumentException(
                        "a level of a mailbox name has 1 to " + MAX_LEVEL_LENGTH + " characters");
            }
            if (level.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                throw new IllegalArgumentException("a mailbox name has no control characters");
            }
        }
        if (levels.getFirst().equalsIgnoreCase("INBOX") && !levels.getFirst().equals("INBOX")) {
            var first = new java.util.ArrayList<>(levels);
            first.set(0, levels.getFirst().toUpperCase(Locale.ROOT));
            levels = first;
        }
        levels = List.copyOf(levels);
    }

    /** Splits text at the separator; throws IllegalArgumentException for what is not a name. */
    public static MailboxName parse(String text, char separator) {
        return new MailboxName(List.of(text.split(java.util.regex.Pattern.quote(String.valueOf(separator)), -1)));
    }

    public String text(char separator) {
        return String.join(String.valueOf(separator), levels);
    }

    public boolean isInbox() {
        return equals(INBOX);
    }

    /** Whether this lies below the other, at any depth. */
    public boolean isBelow(MailboxName other) {
        return levels.size() > other.levels.size()
                && levels.subList(0, other.levels.size()).equals(other.levels);
    }

    @Override
    public int compareTo(MailboxName other) {
        return text('\1').compareTo(other.text('\1'));
    }

    @Override
    public String toString() {
        return text('/');
    }
}
