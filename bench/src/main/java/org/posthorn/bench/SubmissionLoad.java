package org.posthorn.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutionException;

/** Submits mail as a mail program does: STARTTLS, AUTH PLAIN, then messages, one after another. */
final class SubmissionLoad {
    private SubmissionLoad() {}

    /**
     * Sends messages over {@code sessions} connections at once.
     *
     * @param perConnection messages on each connection before it is closed and a new one opened
     */
    static void run(Target target, int sessions, int messages, int size, int perConnection)
            throws InterruptedException, ExecutionException {
        long sent = Sessions.run(sessions, i -> () -> session(target, i, messages / sessions, size, perConnection));
        if (sent != (long) (messages / sessions) * sessions) {
            throw new IllegalStateException("sent " + sent + " of " + messages);
        }
    }

    private static long session(Target target, int i, int messages, int size, int perConnection) throws IOException {
        int sent = 0;
        while (sent < messages) {
            try (Wire wire = new Wire(target.submission(), false)) {
                login(wire, target, i);
                for (int k = 0; k < perConnection && sent < messages; k++) {
                    send(wire, target.user(i), target.user(i + sent), message(target.user(i), i, sent, size));
                    sent++;
                }
                wire.send("QUIT\r\n");
                wire.flush();
                wire.expect("221");
            }
        }
        return sent;
    }

    private static void login(Wire wire, Target target, int i) throws IOException {
        wire.expect("220");
        wire.command("EHLO load.example", "250");
        wire.command("STARTTLS", "220");
        wire.startTls();
        wire.command("EHLO load.example", "250");
        String plain = "\0" + target.user(i) + "\0" + target.password(i);
        wire.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)), "235");
    }

    private static void send(Wire wire, String from, String to, byte[] message) throws IOException {
        wire.send("MAIL FROM:<" + from + ">\r\nRCPT TO:<" + to + ">\r\nDATA\r\n");
        wire.flush();
        wire.expect("250");
        wire.expect("250");
        wire.expect("354");
        wire.write(message);
        wire.flush();
        wire.expect("250");
    }

    private static byte[] message(String from, int session, int number, int size) {
        StringBuilder text = new StringBuilder(size + 100);
        text.append("From: ")
                .append(from)
                .append("\r\nTo: somebody@example.org\r\nSubject: load ")
                .append(number);
        text.append("\r\nMessage-ID: <")
                .append(session)
                .append('.')
                .append(number)
                .append('.')
                .append(System.nanoTime())
                .append("@load.example>\r\nDate: Mon, 01 Jan 2024 00:00:00 +0000\r\n\r\n");
        String line = "x".repeat(76) + "\r\n";
        while (text.length() < size) {
            text.append(line);
        }
        return text.append(".\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
