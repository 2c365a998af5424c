package org.posthorn.mailbox.maildir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.storage.UnknownFormatException;

/**
 * What a {@code dovecot-uidlist} says, in its version 3 or 1. A header line {@code 3 V<UIDVALIDITY> N<UIDNEXT> ...}, then lines
 * {@code UID [<LETTER><VALUE> ...] :FILENAME} with ascending UIDs; lines may have been appended after the header was written.
 *
 * @param next larger than every UID in the list
 * @param uids by the base of the file name
 * @param birth of the file that we wrote it into; unknown in a list of others or of an earlier release
 * @param ours whether we wrote its header: Dovecot keeps words there that it does not know
 */
record UidList(long validity, long next, Map<String, Long> uids, boolean ours, Birth birth) {
    private static final String MARK = "Pposthorn";
    private static final Pattern BIRTH = Pattern.compile("B([0-9]{1,18})\\.([1-8]?[0-9]{1,18})");

    private static final long MAX_UID = 0xffff_ffffL;
    private static final int MAX_LINE = 1000;

    /**
     * Reads a list. Lines that are no entry, or not in order, are passed over: a power loss may have torn the last ones.
     *
     * @throws MalformedUidListException there is no header
     * @throws UnknownFormatException a version that is neither
     */
    static UidList read(InputStream in) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        String header = line(reader);
        String[] words = header.split(" ", -1);
        long validity = 0;
        long next = 1;
        if (words[0].equals("3")) {
            for (String word : words) {
                if (word.startsWith("V")) {
                    validity = uid(word, 1, word.length()).orElse(0);
                } else if (word.startsWith("N")) {
                    next = uid(word, 1, word.length()).orElse(1);
                }
            }
        } else if (words[0].equals("1") && words.length >= 3) {
            validity = uid(words[1], 0, words[1].length()).orElse(0);
            next = uid(words[2], 0, words[2].length()).orElse(1);
        }
        if (words[0].matches("[0-9]{1,3}") && !words[0].equals("3") && !words[0].equals("1")) {
            throw new UnknownFormatException("dovecot-uidlist, version " + words[0]);
        }
        if (validity == 0) {
            throw new MalformedUidListException("no UIDVALIDITY");
        }
        Map<String, Long> uids = new HashMap<>();
        long last = 0;
        for (String line = line(reader); !line.isEmpty(); line = line(reader)) {
            OptionalLong uid = uid(line, 0, Math.max(line.indexOf(' '), 0));
            String base = base(line, words[0].equals("3"));
            if (uid.isPresent() && uid.getAsLong() > last && !base.isEmpty()) {
                last = uid.getAsLong();
                uids.put(base, last);
            }
        }
        return new UidList(
                validity, Math.max(next, last + 1), uids, List.of(words).contains(MARK), birth(words));
    }

    private static Birth birth(String[] words) {
        for (String word : words) {
            Matcher matcher = BIRTH.matcher(word);
            if (matcher.matches()) {
                return new Birth(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            }
        }
        return Birth.UNKNOWN;
    }

    /** The base of the file name in an entry; empty when there is none. */
    private static String base(String line, boolean version3) {
        int start = version3 ? line.indexOf(" :") + 2 : line.indexOf(' ') + 1;
        if (start < 2 || start >= line.length()) {
            return "";
        }
        int colon = line.indexOf(':', start);
        return line.substring(start, colon < 0 ? line.length() : colon);
    }

    private static OptionalLong uid(String text, int from, int to) {
        if (to <= from || to - from > 10) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            value = value * 10 + digit;
        }
        return value == 0 || value > MAX_UID ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A line that ends in LF, without it; a single space for one too long; empty at the end, a torn last line included. */
    private static String line(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder(100);
        boolean tooLong = false;
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c == '\n') {
                return line.isEmpty() || tooLong ? " " : line.toString();
            }
            if (line.length() < MAX_LINE) {
                line.append((char) c);
            } else {
                tooLong = true;
            }
        }
        return "";
    }

    static String header(long validity, long next, Birth birth) {
        return "3 V" + validity + " N" + next + " " + MARK + " B" + birth.inode() + "." + birth.born() + "\n";
    }

    static String entry(long uid, String base) {
        return uid + " :" + base + "\n";
    }
}
