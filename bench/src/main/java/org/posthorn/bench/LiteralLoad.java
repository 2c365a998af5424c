package org.posthorn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * What clients wait that send in pieces and leave Nagle's algorithm on (RFC 9293 3.7.4), as PHP and Python do: the rest of a literal leaves
 * when its beginning is acknowledged. Beside the same clients with TCP_NODELAY. Prints a Markdown table.
 */
final class LiteralLoad {
    private static final String MESSAGE = "Subject: x\r\n\r\n" + ("y".repeat(76) + "\r\n").repeat(38);

    private final Target target;
    private final int times;

    /** @param times how often each is done */
    LiteralLoad(Target target, int times) {
        this.target = target;
        this.times = times;
    }

    /** One exchange, sent in pieces. */
    private interface Exchange {
        void once(Wire wire) throws IOException;
    }

    void run(PrintStream out) throws IOException {
        out.println("| sent in pieces | Nagle's algorithm, ms: median | longest | TCP_NODELAY, ms: median | longest |");
        out.println("|---|---:|---:|---:|---:|");
        for (boolean tls : new boolean[] {false, true}) {
            String protocol = tls ? "IMAPS" : "IMAP";
            print(
                    out,
                    protocol + " SEARCH with a literal of 8 octets",
                    () -> imap(tls),
                    wire -> pieces(wire, "a SEARCH SUBJECT {8+}\r\n", "nothing!", "\r\n"));
            print(
                    out,
                    protocol + " APPEND of 3 kB",
                    () -> imap(tls),
                    wire -> pieces(wire, "a APPEND Drafts {" + MESSAGE.length() + "+}\r\n", MESSAGE, "\r\n"));
        }
        print(out, "SMTP message of 3 kB", this::smtp, this::message);
    }

    private interface Connecting {
        Wire connect() throws IOException;
    }

    private void print(PrintStream out, String what, Connecting connecting, Exchange exchange) throws IOException {
        StringBuilder line = new StringBuilder("| " + what);
        for (boolean delay : new boolean[] {true, false}) {
            try (Wire wire = connecting.connect()) {
                wire.delay(delay);
                exchange.once(wire);
                double[] millis = new double[times];
                for (int i = 0; i < times; i++) {
                    long start = System.nanoTime();
                    exchange.once(wire);
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
                Arrays.sort(millis);
                line.append(String.format(Locale.ROOT, " | %.2f | %.1f", millis[times / 2], millis[times - 1]));
            }
        }
        out.println(line + " |");
    }

    private Wire imap(boolean tls) throws IOException {
        Wire wire = new Wire(tls ? target.imaps() : target.imap(), tls);
        wire.line();
        pieces(wire, "a LOGIN " + target.user(3) + " " + target.password(3) + "\r\n");
        pieces(wire, "a SELECT INBOX\r\n");
        return wire;
    }

    private static void pieces(Wire wire, String... pieces) throws IOException {
        for (String piece : pieces) {
            wire.send(piece);
            wire.flush();
        }
        String line = wire.line();
        while (!line.startsWith("a ")) {
            line = wire.line();
        }
        if (!line.startsWith("a OK")) {
            throw new IOException(line);
        }
    }

    private Wire smtp() throws IOException {
        Wire wire = new Wire(target.smtp(), false);
        wire.expect("220");
        wire.command("EHLO plain.test", "250");
        return wire;
    }

    private void message(Wire wire) throws IOException {
        wire.command("MAIL FROM:<load@plain.test>", "250");
        wire.command("RCPT TO:<" + target.user(4) + ">", "250");
        wire.command("DATA", "354");
        wire.send("From: load@plain.test\r\n");
        wire.flush();
        wire.send(MESSAGE);
        wire.flush();
        wire.command(".", "250");
    }
}
