package org.posthorn.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How long strangers wait for a greeting and for /healthz while a few clients keep the server busy with work that is not I/O: searches for
 * hostile patterns, listings, mail with hostile headers, wrong passwords. Prints a Markdown table.
 */
final class FairnessLoad {
    private static final int SESSIONS = 8;
    private static final int PROBES_APART_MILLIS = 25;

    private final Target target;
    private final int seconds;

    /** @param seconds how long each kind of work is done */
    FairnessLoad(Target target, int seconds) {
        this.target = target;
        this.seconds = seconds;
    }

    /** What one hostile client does again and again. */
    private interface Work {
        void once(int number) throws IOException;
    }

    void run(PrintStream out) throws Exception {
        prepare();
        out.println("| beside | greeting, ms: median | 99 % | longest | /healthz, ms: median | 99 % | longest |");
        out.println("|---|---:|---:|---:|---:|---:|---:|");
        measure(out, "nothing", number -> pause());
        measure(out, "SEARCH BODY of 32,000 octets", this::search);
        measure(out, "LSUB with 4,000 octets of wildcards", this::list);
        measure(out, "mail with hostile DKIM and SPF", this::mail);
        measure(out, "wrong passwords", this::guess);
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void prepare() throws IOException {
        try (Wire wire = login()) {
            String text = "Subject: x\r\n\r\n" + "a".repeat(500_000) + "\r\n";
            ask(wire, "a APPEND Drafts {" + text.length() + "+}\r\n" + text);
            for (int i = 0; i < 100; i++) {
                ask(wire, "a SUBSCRIBE \"" + ("a".repeat(200) + "/").repeat(15) + i + "\"");
            }
        }
    }

    private Wire login() throws IOException {
        Wire wire = new Wire(target.imap(), false);
        wire.line();
        ask(wire, "a LOGIN " + target.user(1) + " " + target.password(1));
        return wire;
    }

    private static String ask(Wire wire, String command) throws IOException {
        wire.send(command + "\r\n");
        wire.flush();
        String line = wire.line();
        while (!line.startsWith("a ")) {
            line = wire.line();
        }
        return line;
    }

    private void search(int number) throws IOException {
        String wanted = "a".repeat(32_000) + "b";
        try (Wire wire = login()) {
            ask(wire, "a EXAMINE Drafts");
            for (int i = 0; i < 20; i++) {
                ask(wire, "a SEARCH BODY {" + wanted.length() + "+}\r\n" + wanted);
            }
        }
    }

    private void list(int number) throws IOException {
        try (Wire wire = login()) {
            ask(wire, "a LSUB \"\" \"" + "*a".repeat(2000) + "b\"");
        }
    }

    /** Twenty signatures that cannot be verified, a header of 200 kB, a body of 4 MB. */
    private void mail(int number) throws IOException {
        StringBuilder text = new StringBuilder(4_500_000);
        for (int i = 0; i < 20; i++) {
            text.append("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=d")
                    .append(i)
                    .append(".plain.test; s=s; h=from:from:from; bh=AAAA; b=AAAA\r\n");
        }
        text.append("From: a@plain.test\r\nX: ").append((" a".repeat(400) + "\r\n").repeat(250));
        text.append("\r\n").append((" \t ".repeat(250) + "x\r\n").repeat(5000)).append(".\r\n");
        try (Wire wire = new Wire("127.0.7." + (number + 1), target.smtp())) {
            wire.expect("220");
            wire.command("EHLO hostile.plain.test", "250");
            wire.command("MAIL FROM:<a@plain.test>", "250");
            wire.command("RCPT TO:<" + target.user(2) + ">", "250");
            wire.command("DATA", "354");
            wire.send(text.toString());
            wire.flush();
            wire.line();
        }
    }

    /** From many addresses, since one that guesses is barred. */
    private void guess(int number) throws IOException {
        String from = "127." + (10 + number) + "." + (System.nanoTime() >> 10 & 0x7f) + "."
                + (1 + (System.nanoTime() & 0x7f));
        try (Wire wire = new Wire(from, target.imap())) {
            wire.line();
            ask(wire, "a LOGIN " + target.user(3) + " wrong-password");
        }
    }

    private void measure(PrintStream out, String beside, Work work) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            int number = i;
            busy.add(Thread.ofPlatform().daemon().start(() -> repeat(work, number, over)));
        }
        Thread.sleep(1000);
        List<Double> greetings = new ArrayList<>();
        List<Double> health = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            while (System.nanoTime() < end) {
                greetings.add(greeting());
                health.add(health(http));
                Thread.sleep(PROBES_APART_MILLIS);
            }
        }
        over.set(true);
        for (Thread thread : busy) {
            thread.join();
        }
        out.println("| " + beside + " | " + figures(greetings) + " | " + figures(health) + " |");
    }

    private static void repeat(Work work, int number, AtomicBoolean over) {
        while (!over.get()) {
            try {
                work.once(number);
            } catch (IOException e) {
                // Refused or cut off: hostile clients are not discouraged by that.
                pause();
            }
        }
    }

    private double greeting() throws IOException {
        long start = System.nanoTime();
        try (Wire wire = new Wire(target.smtp(), false)) {
            wire.line();
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static double health(HttpClient http) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/healthz"))
                .build();
        long start = System.nanoTime();
        http.send(request, HttpResponse.BodyHandlers.discarding());
        return (System.nanoTime() - start) / 1e6;
    }

    private static String figures(List<Double> times) {
        Double[] sorted = times.toArray(Double[]::new);
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%.1f | %.1f | %.1f",
                sorted[sorted.length / 2],
                sorted[(int) (sorted.length * 0.99)],
                Collections.max(times));
    }
}
