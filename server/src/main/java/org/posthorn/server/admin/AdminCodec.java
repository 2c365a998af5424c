package org.posthorn.server.admin;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How requests and replies cross the admin socket: counted lists of counted UTF-8 texts, everything bounded. */
final class AdminCodec {
    private static final int VERSION = 0x50480001;
    /** Of a request, such as the ids that xargs puts on one command line. */
    static final int MAX_WORDS = 10_000;

    static final int MAX_ROWS = 100_000;
    private static final int MAX_TEXT = 256 * 1024;

    private AdminCodec() {}

    static void writeRequest(DataOutputStream out, List<String> words) throws IOException {
        out.writeInt(VERSION);
        writeTexts(out, words);
        out.flush();
    }

    static List<String> readRequest(DataInputStream in) throws IOException {
        version(in);
        return readTexts(in, MAX_WORDS);
    }

    static void writeReply(DataOutputStream out, AdminReply reply) throws IOException {
        out.writeInt(VERSION);
        out.writeBoolean(reply.ok());
        int rows = Math.min(reply.rows().size(), MAX_ROWS);
        writeText(out, rows < reply.rows().size() ? cut(reply) : reply.message());
        writeTexts(out, reply.columns());
        out.writeInt(rows);
        for (List<String> row : reply.rows().subList(0, rows)) {
            writeTexts(out, row);
        }
        out.flush();
    }

    private static String cut(AdminReply reply) {
        String told = "only the first " + MAX_ROWS + " of " + reply.rows().size() + " rows are shown";
        return reply.message().isEmpty() ? told : reply.message() + "; " + told;
    }

    static AdminReply readReply(DataInputStream in) throws IOException {
        version(in);
        boolean ok = in.readBoolean();
        String message = readText(in);
        List<String> columns = readTexts(in, MAX_WORDS);
        int count = bounded(in.readInt(), MAX_ROWS);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(readTexts(in, MAX_WORDS));
        }
        return new AdminReply(ok, message, columns, rows);
    }

    private static void version(DataInputStream in) throws IOException {
        if (in.readInt() != VERSION) {
            throw new IOException("the other end is not a Posthorn of this version");
        }
    }

    private static void writeTexts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            writeText(out, text);
        }
    }

    private static List<String> readTexts(DataInputStream in, int max) throws IOException {
        int count = bounded(in.readInt(), max);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(readText(in));
        }
        return texts;
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MAX_TEXT);
        out.writeInt(length);
        out.write(bytes, 0, length);
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[bounded(in.readInt(), MAX_TEXT)];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int bounded(int count, int max) throws IOException {
        if (count < 0 || count > max) {
            throw new IOException("a count of " + count + " on the admin socket; at most " + max + " is allowed");
        }
        return count;
    }
}
