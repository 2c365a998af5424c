package org.posthorn.stress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Random;
import java.util.zip.CRC32;

/** Messages that tell whether they are whole. */
final class Post {
    private Post() {}

    /** A message in CRLF form. */
    static String write(String subject, Random random) {
        StringBuilder body = new StringBuilder();
        int lines = random.nextInt(10) == 0 ? random.nextInt(2_000) : random.nextInt(20);
        for (int i = 0; i < lines; i++) {
            body.append("line ").append(i).append(' ').append(random.nextLong()).append("\r\n");
        }
        return "Subject: " + subject + "\r\nX-Check: " + checksum(body.toString()) + "\r\n\r\n" + body;
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(ISO_8859_1));
        return Long.toHexString(crc.getValue()) + "." + body.length();
    }

    /** Empty when a header says nothing about it. */
    static String subject(String header) {
        return field(header, "Subject: ");
    }

    static boolean isWhole(String message) {
        int end = message.indexOf("\r\n\r\n");
        return end >= 0
                && field(message.substring(0, end + 2), "X-Check: ").equals(checksum(message.substring(end + 4)));
    }

    private static String field(String header, String name) {
        int from = header.indexOf(name);
        int to = header.indexOf("\r\n", Math.max(from, 0));
        return from < 0 || to < 0 ? "" : header.substring(from + name.length(), to);
    }
}
