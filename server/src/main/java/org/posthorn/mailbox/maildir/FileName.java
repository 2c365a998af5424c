package org.posthorn.mailbox.maildir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.OptionalLong;
import org.posthorn.mailbox.EmailId;

/**
 * A message's file name, {@code SECS.UNIQUE.HOST,S=SIZE,W=VIRTUALSIZE[,I=ID]:2,FLAGS}.
 *
 * @param base up to the colon: names the message, never changes while it stays in its folder
 * @param info behind the colon, or empty
 */
record FileName(String base, String info) {
    /** By time of arrival, as far as the name tells, then by the unique part: queue ids ascend. */
    static final Comparator<FileName> BY_ARRIVAL =
            Comparator.comparingLong(FileName::seconds).thenComparing(FileName::base);

    /** Marks a unique part that we made from a queue id. */
    private static final char KEY = 'Q';

    /** A file name has 255 octets; all flags and keywords in one take 34. */
    private static final int MAX_BASE = 255 - 34;

    /** Begins the field of a message's id. */
    private static final String ID = ",I=";

    private static final int ID_LENGTH = ID.length() + 33;

    /** Begins a unique part for a message that was appended or copied. */
    static final String APPENDED = "Ap";

    static FileName parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? new FileName(text, "") : new FileName(text.substring(0, colon), text.substring(colon + 1));
    }

    String text() {
        return info.isEmpty() ? base : base + ":" + info;
    }

    /** The same with something more in its unique part, and an id of its own. */
    FileName distinct(String more) {
        int dot = base.indexOf('.');
        String distinct = dot < 0 ? base + "." + more : base.substring(0, dot) + "." + more + base.substring(dot);
        int id = idAt(distinct);
        return new FileName(id < 0 ? distinct : distinct.substring(0, id) + distinct.substring(id + ID_LENGTH), info);
    }

    /** The base of a moved message: a fresh one that tells its id; without it where the name of the host leaves no room. */
    static String withId(String fresh, EmailId id) {
        return fresh.length() + ID_LENGTH > MAX_BASE ? fresh : fresh + ID + id.text();
    }

    /**
     * The id of the message: as the name tells where it was moved to another mailbox, else out of the name itself, which it keeps until
     * then. Other programs that move the file under its name keep it too.
     */
    static EmailId emailId(String base) {
        int at = idAt(base);
        if (at >= 0) {
            return EmailId.parse(base.substring(at + ID.length(), at + ID_LENGTH))
                    .orElseThrow();
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(base.getBytes(StandardCharsets.UTF_8));
            ByteBuffer bits = ByteBuffer.wrap(digest);
            return new EmailId(bits.getLong(), bits.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Where the field of the id begins; negative when there is none. */
    private static int idAt(String base) {
        int at = base.indexOf(ID);
        if (at < 0) {
            return at;
        }
        int end = at + ID_LENGTH;
        boolean whole = end <= base.length() && (end == base.length() || base.charAt(end) == ',');
        return whole && EmailId.parse(base.substring(at + ID.length(), end)).isPresent() ? at : -1;
    }

    /** A base for a message that was delivered under this key, unless it is empty. */
    static String base(long seconds, String unique, String host, long size) {
        return seconds + "." + unique + "." + host + ",S=" + size + ",W=" + size;
    }

    static String unique(String key) {
        StringBuilder out = new StringBuilder(key.length() + 1).append(KEY);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            out.append((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? c : '_');
        }
        return out.toString();
    }

    /** The unique part when it is from {@link #unique}, without what a move added; else empty. */
    String key() {
        String unique = ownUnique();
        int dash = unique.indexOf('-');
        return dash < 0 ? unique : unique.substring(0, dash);
    }

    /** Whether the seconds at its start are the internal date: so in names that we made at delivery. */
    boolean tellsDate() {
        String unique = ownUnique();
        return !unique.isEmpty() && unique.indexOf('-') < 0;
    }

    /** Whether we made the name: then the size in it is that of the file. */
    boolean isOurs() {
        int dot = base.indexOf('.');
        return dot >= 0 && (base.startsWith("Q", dot + 1) || base.startsWith(APPENDED, dot + 1));
    }

    private String ownUnique() {
        int dot = base.indexOf('.');
        int end = base.indexOf('.', dot + 1);
        return dot < 0 || end < 0 || base.charAt(dot + 1) != KEY ? "" : base.substring(dot + 1, end);
    }

    /** When the message arrived, in seconds since 1970; the largest number when the name does not tell. */
    long seconds() {
        int dot = base.indexOf('.');
        return number(0, dot < 0 ? base.length() : dot).orElse(Long.MAX_VALUE);
    }

    /** Octets of the file, if the name tells. */
    OptionalLong fileSize() {
        return field('S');
    }

    /** Octets in CRLF form, if the name tells. */
    OptionalLong virtualSize() {
        return field('W');
    }

    private OptionalLong field(char letter) {
        int at = base.indexOf(',');
        while (at >= 0) {
            int next = base.indexOf(',', at + 1);
            if (at + 2 < base.length() && base.charAt(at + 1) == letter && base.charAt(at + 2) == '=') {
                return number(at + 3, next < 0 ? base.length() : next);
            }
            at = next;
        }
        return OptionalLong.empty();
    }

    private OptionalLong number(int from, int to) {
        if (to <= from || to - from > 18) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = base.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            value = value * 10 + digit;
        }
        return OptionalLong.of(value);
    }
}
