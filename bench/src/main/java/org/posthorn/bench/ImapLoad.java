package org.posthorn.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;

/**
 * The IMAP command mix: each session fills a mailbox of its own with ten messages, looks at it as mail programs do, flags and
 * searches, empties it, and begins again.
 */
final class ImapLoad {
    private static final byte[] MESSAGE = message(4096);

    private final Wire wire;
    private final String box;
    private int tag;

    private ImapLoad(Wire wire, int i) {
        this.wire = wire;
        this.box = "load" + i;
    }

    /** Runs the mix for a time; returns the number of commands done. */
    static long run(Target target, int sessions, int seconds) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        return Sessions.run(sessions, i -> () -> {
            try (Wire wire = new Wire(target.imap(), false)) {
                ImapLoad load = new ImapLoad(wire, i);
                wire.line();
                load.command("LOGIN " + target.user(i) + " " + target.password(i), true);
                load.command("CREATE " + load.box, false);
                long commands = 0;
                while (System.nanoTime() < end) {
                    commands += load.round();
                }
                load.command("LOGOUT", true);
                return commands;
            }
        });
    }

    private long round() throws IOException {
        for (int k = 0; k < 10; k++) {
            append();
        }
        command("SELECT " + box, true);
        command("FETCH 1:* FLAGS", true);
        command("FETCH 1:* (UID ENVELOPE RFC822.SIZE)", true);
        for (int k = 1; k <= 10; k++) {
            command("FETCH " + k + " BODY.PEEK[]", true);
        }
        for (int k = 1; k <= 10; k++) {
            command("STORE " + k + " +FLAGS (\\Flagged)", true);
        }
        command("SEARCH TEXT xxnothere", true);
        command("STATUS INBOX (MESSAGES UNSEEN)", true);
        command("STORE 1:* +FLAGS.SILENT (\\Deleted)", true);
        command("EXPUNGE", true);
        return 37;
    }

    private void append() throws IOException {
        String name = "a" + ++tag;
        wire.send(name + " APPEND " + box + " (\\Seen) {" + MESSAGE.length + "}\r\n");
        wire.flush();
        String line = wire.line();
        while (!line.startsWith("+")) {
            if (line.startsWith(name + " ")) {
                throw new IOException("APPEND: " + line);
            }
            line = wire.line();
        }
        wire.write(MESSAGE);
        wire.send("\r\n");
        wire.flush();
        answer(name, "APPEND", true);
    }

    private void command(String command, boolean mustSucceed) throws IOException {
        String name = "a" + ++tag;
        wire.send(name + " " + command + "\r\n");
        wire.flush();
        answer(name, command, mustSucceed);
    }

    private void answer(String name, String command, boolean mustSucceed) throws IOException {
        while (true) {
            String line = wire.line();
            if (line.startsWith(name + " ")) {
                if (mustSucceed && !line.startsWith("OK", name.length() + 1)) {
                    throw new IOException(command + ": " + line);
                }
                return;
            }
            if (line.endsWith("}")) {
                wire.skip(Long.parseLong(line.substring(line.lastIndexOf('{') + 1, line.length() - 1)));
            }
        }
    }

    private static byte[] message(int size) {
        StringBuilder text = new StringBuilder("""
                From: load@example.org\r
                To: user@example.org\r
                Subject: load\r
                Message-ID: <1@load.example>\r
                Date: Mon, 01 Jan 2024 00:00:00 +0000\r
                \r
                """);
        while (text.length() < size) {
            text.append("x".repeat(76)).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
