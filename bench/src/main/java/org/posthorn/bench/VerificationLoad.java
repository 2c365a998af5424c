package org.posthorn.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.arc.ArcResult;
import org.posthorn.protocol.arc.ArcSealer;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimSigner;

/**
 * What verification adds to the receipt of large messages: the same message by turns from an address whose mail is judged and from
 * one that is exempt, to the same server. Counted is the server's CPU time from the first octet until the messages lie in the
 * Maildir.
 */
final class VerificationLoad {
    /** Whose mail the server is told not to judge; that of the rest of 127.0.0.0/8 is. */
    static final String EXEMPT = "127.0.0.1";

    private static final String JUDGED = "127.0.0.2";
    private static final String SENDER = "signer.test";
    private static final String SELECTOR = "bench";
    private static final int MEGABYTE = 1_000_000;
    private static final int MESSAGES = 4;
    /** Turns after which the JVM has compiled what matters. */
    private static final int WARM_UP = 10;

    private final Target target;
    private final DkimKey key;
    private long delivered;

    /** @param dns gets the key of the signatures; the server asks it */
    VerificationLoad(Target target, BenchDns dns) throws IOException {
        KeyPair pair = DkimKeyRecord.generate(DkimAlgorithm.RSA_SHA256);
        this.target = target;
        this.key = new DkimKey(SELECTOR, pair.getPrivate());
        dns.txt(
                DkimKeyRecord.name(SELECTOR, Domain.parse(SENDER)),
                DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, pair.getPublic()));
    }

    /** A message and what the receiver has to find in it. */
    private static final class Letter {
        private final String what;
        private final byte[] text;
        private final String found;

        Letter(String what, byte[] text, String found) {
            this.what = what;
            this.text = text;
            this.found = found;
        }
    }

    /** CPU seconds of a message, and those of them that were not the kernel's. */
    private record Cpu(double all, double user) {
        Cpu plus(Cpu other) {
            return new Cpu(all + other.all, user + other.user);
        }

        Cpu minus(Cpu other) {
            return new Cpu(all - other.all, user - other.user);
        }
    }

    private record Cost(Cpu exempt, Cpu judged, int messages) {
        String row(String what) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %.1f | %.1f | %.1f | %.0f %% |",
                    what,
                    1000 * exempt.all() / messages,
                    1000 * exempt.user() / messages,
                    1000 * judged.all() / messages,
                    1000 * judged.user() / messages,
                    100 * (judged.all() / exempt.all() - 1));
        }
    }

    /** Measures and prints a table; {@code turns} for each kind of message, after some that do not count. */
    void run(int turns, PrintStream progress, PrintStream out) throws IOException, InterruptedException {
        List<Letter> letters = List.of(
                letter("10 MB in base64", base64(10 * MEGABYTE), false),
                letter("10 MB in base64, ARC as well", base64(10 * MEGABYTE), true),
                letter("10 MB of short lines with double spaces", shortLines(10 * MEGABYTE), false));
        Maildirs.empty(target);
        delivered = 0;
        warmUp();
        List<String> rows = new ArrayList<>();
        for (Letter letter : letters) {
            turns(letter, WARM_UP);
            Cost cost = turns(letter, turns);
            rows.add(cost.row(letter.what));
            progress.println(rows.getLast());
        }
        long ten = peak(letters.getFirst());
        long fifty = peak(letter("50 MB in base64", base64(50 * MEGABYTE), false));
        out.println(
                "| message with an RSA-2048 signature, relaxed/relaxed | exempt, CPU ms | of it user | judged, CPU ms | of it user | verification adds |");
        out.println("|---|---:|---:|---:|---:|---:|");
        rows.forEach(out::println);
        out.printf(
                Locale.ROOT,
                "%nMost resident memory while judged messages come in: %d MiB with 10 MB, %d MiB with 50 MB.%n%n",
                ten / 1024,
                fifty / 1024);
    }

    /** What a message costs whatever its size (look-ups, policies, the envelope) is compiled only after thousands of them. */
    private void warmUp() throws IOException, InterruptedException {
        Letter small = letter("4 KB", base64(4000), false);
        for (int i = 0; i < 30; i++) {
            send(small, JUDGED, 100);
            send(small, EXEMPT, 100);
            deleteDelivered();
        }
    }

    private Cost turns(Letter letter, int turns) throws IOException, InterruptedException {
        Cpu exempt = new Cpu(0, 0);
        Cpu judged = new Cpu(0, 0);
        for (int turn = 0; turn < turns; turn++) {
            // Each of the two is first as often as the other.
            if (turn % 2 == 0) {
                exempt = exempt.plus(cpu(letter, EXEMPT));
            }
            judged = judged.plus(cpu(letter, JUDGED));
            if (turn % 2 == 1) {
                exempt = exempt.plus(cpu(letter, EXEMPT));
            }
        }
        return new Cost(exempt, judged, turns * MESSAGES);
    }

    private Cpu cpu(Letter letter, String from) throws IOException, InterruptedException {
        Cpu before = cpu();
        send(letter, from, MESSAGES);
        Cpu used = cpu().minus(before);
        // The memory of their pages is used again, as on a server that has run for long; pages that the kernel has
        // never
        // used may cost a virtual machine more than all of the rest.
        deleteDelivered();
        return used;
    }

    private Cpu cpu() throws IOException {
        return new Cpu(
                ProcessStat.of(target.roots()).cpu(),
                ProcessStat.user(target.roots().getFirst()));
    }

    private void deleteDelivered() throws IOException {
        for (int user = 0; user < 2; user++) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(inbox(user))) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
        delivered = 0;
    }

    private Path inbox(int user) {
        return target.mail().resolve(target.user(user)).resolve("Maildir/new");
    }

    /** KiB that the server had resident at most while such messages came in. */
    private long peak(Letter letter) throws IOException, InterruptedException {
        ProcessStat.forgetPeak(target.roots().getFirst());
        send(letter, JUDGED, MESSAGES);
        return ProcessStat.peakKib(target.roots().getFirst());
    }

    private void send(Letter letter, String from, int count) throws IOException, InterruptedException {
        String recipient = target.user(from.equals(JUDGED) ? 0 : 1);
        try (Wire wire = new Wire(from, target.smtp())) {
            wire.expect("220");
            wire.command("EHLO load.example", "250");
            for (int i = 0; i < count; i++) {
                wire.command("MAIL FROM:<load@" + SENDER + ">", "250");
                wire.command("RCPT TO:<" + recipient + ">", "250");
                wire.command("DATA", "354");
                wire.write(letter.text);
                wire.flush();
                wire.expect("250");
            }
            wire.command("QUIT", "221");
        }
        delivered += count;
        Maildirs.await(target.mail(), delivered);
        if (from.equals(JUDGED)) {
            requireFound(letter.found);
        }
    }

    /** A server that judges nothing, or fails what it should pass, would be cheap. */
    private void requireFound(String text) throws IOException {
        Path folder = inbox(0);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                try (var in = Files.newInputStream(file)) {
                    if (new String(in.readNBytes(4096), StandardCharsets.ISO_8859_1).contains(text)) {
                        return;
                    }
                }
            }
        }
        throw new IOException("no message in " + folder + " has been found to be " + text);
    }

    private Letter letter(String what, byte[] body, boolean withArc) {
        Domain domain = Domain.parse(SENDER);
        List<HeaderField> header = new ArrayList<>(List.of(
                HeaderField.of("From", "Load <load@" + SENDER + ">"),
                HeaderField.of("To", "Somebody <somebody@example.org>"),
                HeaderField.of("Subject", what),
                HeaderField.of("Date", "Mon, 01 Jan 2024 00:00:00 +0000"),
                HeaderField.of("Message-ID", "<1@load.example>")));
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(body, 0, body.length);
        String bodyHash = hash.finish();
        String signature = new DkimSigner(domain, List.of(key)).sign(header, bodyHash, Instant.now());
        String top = signature;
        if (withArc) {
            header.addFirst(new HeaderField(signature.substring(0, signature.length() - 2)));
            ArcVerdict none = new ArcVerdict(ArcResult.NONE, "", List.of(), 0, 0, false);
            top = new ArcSealer(domain, key)
                            .seal(header, none, "mx." + SENDER + "; dkim=pass", bodyHash, Instant.now())
                            .orElseThrow()
                    + signature;
            header.removeFirst();
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(body.length + 4096);
        text.writeBytes(top.getBytes(StandardCharsets.ISO_8859_1));
        header.forEach(field -> text.writeBytes((field.raw() + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        text.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        text.writeBytes(body);
        text.writeBytes(".\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return new Letter(what, text.toByteArray(), withArc ? "arc=pass" : "dkim=pass");
    }

    /** Lines of 76 characters, as attachments have them. */
    static byte[] base64(int size) {
        byte[] octets = new byte[size / 78 * 57];
        new Random(1).nextBytes(octets);
        byte[] lines = Base64.getMimeEncoder().encode(octets);
        byte[] body = Arrays.copyOf(lines, lines.length + 2);
        body[lines.length] = '\r';
        body[lines.length + 1] = '\n';
        return body;
    }

    /** Lines whose white space the relaxed form changes. */
    static byte[] shortLines(int size) {
        String line = "some words  and double  spaces \r\n";
        return line.repeat(size / line.length()).getBytes(StandardCharsets.US_ASCII);
    }
}
