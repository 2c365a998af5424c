package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.Canonicalization;

/**
 * Bodies of any content, in pieces of any size: the hashes are those of the canonical form as RFC 6376 3.4 words it, whether or
 * not what a list has added is looked for, and a body is recognised without what follows a rule.
 */
public final class BodyHashFuzz {
    private static final OptionalLong WHOLE = OptionalLong.empty();
    private static final String FOOTER = "__\r\nthe list\r\n";

    private BodyHashFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        int piece = input.length == 0 ? 1 : 1 + (input[0] & 0x7f);
        String body =
                new String(input, StandardCharsets.ISO_8859_1).replace("\r", "").replace("\n", "\r\n");
        BodyHashes plain = hashes(body, piece, false);
        BodyHashes looking = hashes(body, piece, true);
        BodyHashes withFooter = hashes(body + "\r\n" + FOOTER, piece, true);
        for (Canonicalization form : Canonicalization.values()) {
            String expected = hash(canonical(body, form));
            require(expected, plain, form);
            require(expected, looking, form);
            if (body.chars().filter(c -> c == '\n').count() < 500 && !withFooter.hadBefore(form, expected)) {
                throw new AssertionError("not recognised before its footer: " + body);
            }
        }
    }

    private static void require(String expected, BodyHashes hashes, Canonicalization form) {
        String found = hashes.of(form, WHOLE).orElseThrow().base64();
        if (!found.equals(expected)) {
            throw new AssertionError(form + ": " + found + " is not " + expected);
        }
    }

    private static BodyHashes hashes(String body, int piece, boolean lookForFooters) {
        BodyHashes hashes = new BodyHashes();
        for (Canonicalization form : Canonicalization.values()) {
            hashes.want(form, WHOLE);
        }
        if (lookForFooters) {
            hashes.lookForFooters(Optional.of("--boundary"));
        }
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i += piece) {
            hashes.update(bytes, i, Math.min(piece, bytes.length - i));
        }
        hashes.finish();
        return hashes;
    }

    private static String canonical(String body, Canonicalization form) {
        StringBuilder text = new StringBuilder();
        for (String line : body.split("\r\n", -1)) {
            text.append(form == Canonicalization.RELAXED ? relaxed(line) : line).append("\r\n");
        }
        int end = text.length();
        while (end >= 2 && text.charAt(end - 2) == '\r' && text.charAt(end - 1) == '\n') {
            end -= 2;
        }
        text.setLength(end);
        return end == 0 && form == Canonicalization.RELAXED
                ? ""
                : text.append("\r\n").toString();
    }

    private static String relaxed(String line) {
        StringBuilder text = new StringBuilder();
        boolean space = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ' ' || c == '\t') {
                space = true;
            } else {
                text.append(space ? " " : "").append(c);
                space = false;
            }
        }
        return text.toString();
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
