package org.posthorn.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The encoded words of RFC 2047, with the language tags of RFC 2231 5. Tolerant: words that are too long, touch other text or hold
 * spaces are decoded all the same, and a character that is split between two words is put together. A word in an unknown
 * character set or encoding stays as it is (RFC 2047 6.2).
 */
public final class EncodedWords {
    /** Longest word that is decoded, characters; RFC 2047 2 allows 75. */
    private static final int MAX_WORD = 4096;
    /** Looking up an unknown character set is slow, so that not many are looked up in one text. */
    private static final int MAX_UNKNOWN_CHARSETS = 16;

    private final String text;
    private final StringBuilder decoded;
    /** Bytes of the words just read, which the next word may continue. */
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    private Optional<Charset> pendingCharset = Optional.empty();
    private final Set<String> unknownCharsets = new HashSet<>();

    /** What stands between the question marks. */
    private record Word(Charset charset, boolean base64, int from, int to) {}

    private EncodedWords(String text) {
        this.text = text;
        this.decoded = new StringBuilder(text.length());
    }

    /** The text with all its encoded words decoded; the rest stays as it is. */
    public static String decode(String text) {
        return text.contains("=?") ? new EncodedWords(text).decode() : text;
    }

    private String decode() {
        int copied = 0;
        boolean afterWord = false;
        int start = text.indexOf("=?");
        while (start >= 0) {
            Optional<Word> found = wordAt(start);
            int next = start + 2;
            if (found.isPresent()) {
                Word word = found.get();
                // RFC 2047 6.2: white space between two encoded words is not shown
                if (!afterWord || !isBlank(copied, start)) {
                    flush();
                    decoded.append(text, copied, start);
                }
                append(word);
                afterWord = true;
                copied = next = word.to() + 2;
            }
            start = text.indexOf("=?", next);
        }
        flush();
        return decoded.append(text, copied, text.length()).toString();
    }

    private Optional<Word> wordAt(int start) {
        int limit = Math.min(text.length(), start + MAX_WORD);
        int charsetEnd = text.indexOf('?', start + 2, limit);
        if (charsetEnd < 0 || charsetEnd + 2 >= limit || text.charAt(charsetEnd + 2) != '?') {
            return Optional.empty();
        }
        int encoding = "bBqQ".indexOf(text.charAt(charsetEnd + 1));
        int end = text.indexOf("?=", charsetEnd + 3, limit);
        if (encoding < 0 || end < 0) {
            return Optional.empty();
        }
        return charset(text.substring(start + 2, charsetEnd))
                .map(charset -> new Word(charset, encoding < 2, charsetEnd + 3, end));
    }

    private Optional<Charset> charset(String nameAndLanguage) {
        int star = nameAndLanguage.indexOf('*');
        String name = star < 0 ? nameAndLanguage : nameAndLanguage.substring(0, star);
        if (unknownCharsets.size() > MAX_UNKNOWN_CHARSETS || unknownCharsets.contains(name)) {
            return Optional.empty();
        }
        Optional<Charset> charset = CharsetNames.find(name);
        if (charset.isEmpty()) {
            unknownCharsets.add(name);
        }
        return charset;
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return false;
            }
        }
        return true;
    }

    private void append(Word word) {
        Optional<Charset> charset = Optional.of(word.charset());
        if (!charset.equals(pendingCharset)) {
            flush();
            pendingCharset = charset;
        }
        if (word.base64()) {
            appendBase64(word);
        } else {
            appendQ(word);
        }
    }

    private void appendBase64(Word word) {
        int bits = 0;
        int count = 0;
        for (int i = word.from(); i < word.to(); i++) {
            int value = base64Value(text.charAt(i));
            if (value >= 0) {
                bits = bits << 6 | value;
                if (++count % 4 != 1) {
                    pending.write(bits >> (6 - 2 * ((count - 1) % 4)));
                }
            }
        }
    }

    private void appendQ(Word word) {
        for (int i = word.from(); i < word.to(); i++) {
            char c = text.charAt(i);
            int high = c == '=' && i + 2 < word.to() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low >= 0) {
                pending.write(high << 4 | low);
                i += 2;
            } else if (c < 0x80) {
                pending.write(c == '_' ? ' ' : c);
            } else {
                // raw text within a word: no byte of its character set
                flush();
                decoded.append(c);
            }
        }
    }

    private void flush() {
        if (pending.size() > 0) {
            decoded.append(pending.toString(pendingCharset.orElseThrow()));
            pending.reset();
        }
    }

    /** RFC 4648 4, and the two letters of its URL-safe form; -1 for all else. */
    private static int base64Value(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return switch (c) {
            case '+', '-' -> 62;
            case '/', '_' -> 63;
            default -> -1;
        };
    }
}
