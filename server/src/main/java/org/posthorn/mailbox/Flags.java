package org.posthorn.mailbox;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The flags of a message: the system flags, and keywords as the client that first used them wrote them. Immutable.
 * {@code \Recent} is not among them: it belongs to a session.
 *
 * @param system bits of {@link #SEEN} and the others
 * @param keywords without backslash, e.g. {@code $Forwarded}; compared without regard to case
 */
public record Flags(int system, Set<String> keywords) {
    public static final int SEEN = 1;
    public static final int ANSWERED = 2;
    public static final int FLAGGED = 4;
    public static final int DELETED = 8;
    public static final int DRAFT = 16;

    public static final Flags NONE = new Flags(0, Set.of());

    /** Most messages have these: they share them. */
    private static final Flags[] WITHOUT_KEYWORDS = IntStream.range(0, 2 * DRAFT)
            .mapToObj(system -> system == 0 ? NONE : new Flags(system, Set.of()))
            .toArray(Flags[]::new);

    public Flags {
        keywords = Set.copyOf(keywords);
    }

    public static Flags of(int system) {
        return system >= 0 && system < WITHOUT_KEYWORDS.length ? WITHOUT_KEYWORDS[system] : new Flags(system, Set.of());
    }

    public boolean has(int flag) {
        return (system & flag) != 0;
    }

    public boolean hasKeyword(String keyword) {
        return keywords.stream().anyMatch(keyword::equalsIgnoreCase);
    }

    /** These and the other's. */
    public Flags plus(Flags other) {
        if (other.keywords.isEmpty()) {
            return new Flags(system | other.system, keywords);
        }
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(keywords);
        all.addAll(other.keywords);
        return new Flags(system | other.system, all);
    }

    /** These without the other's. */
    public Flags minus(Flags other) {
        if (other.keywords.isEmpty() || keywords.isEmpty()) {
            return new Flags(system & ~other.system, keywords);
        }
        Set<String> left = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        left.addAll(keywords);
        other.keywords.forEach(left::remove);
        return new Flags(system & ~other.system, left);
    }
}
