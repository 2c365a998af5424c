package org.posthorn.cli.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.json.Json;
import org.posthorn.json.JsonNull;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimVerifier;
import org.posthorn.protocol.spf.SpfChecker;
import picocli.CommandLine;

/** Whatever comes in: a verdict or one line that says why not, and a bounded number of questions to the DNS. */
class HostileInputTest {
    private static final Duration GENEROUS = Duration.ofMinutes(2);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T20:00:00Z"));
    private static final String FROM = "From: a@example.org\n";

    private final ZoneResolver zone = new ZoneResolver();
    private final RecordingResolver asked = new RecordingResolver(zone);

    @TempDir
    Path folder;

    private List<JsonObject> batch(Check judge, String... lines) {
        StringWriter out = new StringWriter();
        assertTimeoutPreemptively(
                GENEROUS,
                () -> new Batch(new CheckContext(() -> asked, CLOCK), judge, CheckCommand.MAX_LINE)
                        .run(new StringReader(String.join("\n", lines)), new PrintWriter(out)));
        return out.toString().lines().map(Json::readObject).toList();
    }

    private JsonObject ask(Check judge, JsonObject question) {
        return batch(judge, question.toString()).getFirst();
    }

    private static JsonObject.Builder sender() {
        return JsonObject.builder()
                .put("ip", "192.0.2.1")
                .put("helo", "h.example")
                .put("from", "a@example.org");
    }

    private static JsonObject message(String text) {
        return sender().put("message", text).build();
    }

    private static String repeated(int count, IntFunction<String> piece) {
        return IntStream.range(0, count).mapToObj(piece).collect(Collectors.joining());
    }

    private static String result(JsonObject answer) {
        return answer.text("result").orElse("error: " + answer.text("error").orElse(""));
    }

    @Test
    void spfBombsCostNoMoreThanTheLimit() {
        // A tree of includes, each with ten; MX of hundreds of hosts; an address with hundreds of names.
        zone.withTxt("tree.example", "v=spf1 " + repeated(10, i -> "include:t" + i + ".example "));
        for (int i = 0; i < 10; i++) {
            zone.withTxt("t" + i + ".example", "v=spf1 " + repeated(10, j -> "include:t" + j + ".example ") + "-all");
        }
        zone.withTxt("mx.example", "v=spf1 " + repeated(10, _ -> "mx:hosts.example ") + "-all");
        zone.withTxt("ptr.example", "v=spf1 " + repeated(10, i -> "ptr:p" + i + ".example ") + "-all");
        zone.withTxt("macro.example", "v=spf1 " + repeated(10, _ -> "exists:%{p}.%{p}.%{p}.ptr.example ") + "-all");
        for (int i = 0; i < 500; i++) {
            zone.withMx("hosts.example", i, "host" + i + ".hosts.example");
            zone.withAddress("host" + i + ".hosts.example", "198.51.100.1");
            zone.withPtr("192.0.2.1", "n" + i + ".names.example");
        }
        int before = 0;
        for (String domain : List.of("tree", "mx", "ptr", "macro")) {
            JsonObject answer = ask(
                    new SpfCheck(),
                    sender().put("from", "a@" + domain + ".example").build());
            int questions = asked.questions().size() - before;
            before += questions;
            assertThat(result(answer)).as(domain).isIn("permerror", "fail");
            assertThat(questions).as(domain).isLessThanOrEqualTo(SpfChecker.MAX_QUESTIONS);
            assertThat(answer.integer("questions")).as(domain).contains((long) questions);
        }
    }

    @Test
    void recordsOfThousandsOfStringsAndOfAMegabyte() {
        String strings = repeated(25_000, i -> (i == 0 ? "" : ",") + "\"" + (i == 0 ? "v=spf1 " : " ") + "\"");
        List<JsonObject> answers = batch(
                new SpfCheck(),
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@example.org\",\"dns\":{\"example.org\":{\"TXT\":[[" + strings
                        + ",\"+all\"]]}}}",
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@example.org\",\"dns\":{\"example.org\":{\"TXT\":[" + strings
                        + ",\"v=spf1 +all\"]}}}",
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@example.org\",\"dns\":{\"example.org\":{\"TXT\":\"v=spf1 "
                        + "a".repeat(1 << 20) + " -all\"}}}");
        // Two of the second question's records are SPF records.
        assertThat(answers).extracting(HostileInputTest::result).containsExactly("pass", "permerror", "permerror");
    }

    @Test
    void signaturesByTheHundredCostTwentyLookUps() {
        String signatures = repeated(
                500, i -> "DKIM-Signature: v=1; a=rsa-sha256; d=d" + i + ".example; s=s; h=From; bh=AAAA; b=AAAA\n");
        JsonObject answer = ask(new DkimVerifyCheck(), message(signatures + FROM + "\ntext\n"));
        assertThat(result(answer)).isEqualTo("permerror");
        assertThat(answer.array("signatures")).hasSize(DkimVerifier.MAX_SIGNATURES + 1);
        assertThat(asked.questions()).hasSize(DkimVerifier.MAX_SIGNATURES);

        zone.withTxt("_dmarc.example.org", "v=DMARC1; p=reject");
        assertThat(result(ask(new DmarcCheck(), message(signatures + FROM + "\ntext\n"))))
                .isEqualTo("fail");
        // SPF and the author's record; nothing is looked up of signatures that do not pass.
        assertThat(asked.questions()).hasSize(2 * DkimVerifier.MAX_SIGNATURES + 2);
    }

    @Test
    void aKeyOfAMegabyteIsNotRead() {
        zone.withTxt("s._domainkey.example.org", "v=DKIM1; p=" + "A".repeat(1 << 20));
        JsonObject answer = ask(
                new DkimVerifyCheck(),
                message("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=From; bh=AAAA; b=AAAA\n" + FROM
                        + "\n"));
        assertThat(result(answer)).isEqualTo("permerror");
    }

    @Test
    void aChainOfAThousandSetsIsNeitherLookedUpNorSealed() {
        String chain = repeated(1000, i -> {
            String tags = "i=" + (1000 - i) + "; a=rsa-sha256; d=d" + i + ".example; s=s; b=AAAA; ";
            return "ARC-Seal: " + tags + "cv=pass\nARC-Message-Signature: " + tags
                    + "h=From; bh=AAAA\nARC-Authentication-Results: i=" + (1000 - i) + "; x; none\n";
        });
        assertThat(result(ask(new ArcVerifyCheck(), message(chain + FROM + "\ntext\n"))))
                .isEqualTo("fail");
        JsonObject question = JsonObject.builder()
                .put("message", chain + FROM + "\ntext\n")
                .put("domain", "example.org")
                .put("selector", "s")
                .put("key", pem())
                .build();
        assertThat(result(ask(new ArcSealCheck(), question))).startsWith("error: nothing is added to this chain");
        assertThat(asked.questions()).isEmpty();
    }

    private static String pem() {
        return PrivateKeys.write(
                DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256).getPrivate());
    }

    @Test
    void headersAndBodiesOfAnyShape() {
        zone.withTxt("_dmarc.example.org", "v=DMARC1; p=reject");
        String parts = repeated(
                20_000,
                i -> "--b" + i + "\nContent-Type: multipart/mixed; boundary=b" + (i + 1)
                        + "\n\nFrom: other@example.net\n\n");
        List<JsonObject> answers = batch(
                new DmarcCheck(),
                message(repeated(100_000, i -> "X-" + i + ": y\n") + FROM + "\ntext\n")
                        .toString(),
                message(FROM.repeat(5_000) + "\ntext\n").toString(),
                message("From: " + "(".repeat(1 << 20) + "a@example.org\n\n").toString(),
                message("From: " + "a@example.org, ".repeat(5_000) + "a@example.org\n\n")
                        .toString(),
                message("From: " + repeated(90, i -> "a@d" + i + ".example, ") + "a@example.org\n\n")
                        .toString(),
                message("From: a@example.org" + "\n ".repeat(100_000) + "\n\n").toString(),
                // Fields of parts are no fields of the message.
                message(FROM + "Content-Type: multipart/mixed; boundary=b0\n\n" + parts)
                        .toString(),
                // A line that is no field hides nothing: the author below it is judged.
                message("\u0000".repeat(100_000) + "\n" + FROM + "\n").toString(),
                message("").toString(),
                message("\n".repeat(100_000)).toString());
        assertThat(answers)
                .extracting(HostileInputTest::result)
                .containsExactly("fail", "none", "none", "none", "none", "fail", "fail", "fail", "none", "none");
        assertThat(asked.questions()).hasSizeLessThan(10 * answers.size());
    }

    @Test
    void aHeaderWithoutEndIsOfNoUse() {
        assertThat(result(ask(new DkimVerifyCheck(), message("X: " + "y".repeat(9 << 20)))))
                .startsWith("error: a header of more than");
    }

    /** Each is answered by itself, and the question after it as if nothing had been. */
    @Test
    void linesThatAreNoQuestions() {
        String good =
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@example.org\",\"dns\":{\"example.org\":{\"TXT\":\"v=spf1 +all\"}}}";
        List<String> bad = List.of(
                "x".repeat(CheckCommand.MAX_LINE + 1),
                "[".repeat(1_000_000),
                "{\"a\":".repeat(1_000_000),
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@b\",\"dns\":" + "{\"x\":".repeat(200) + "1" + "}".repeat(201),
                "",
                " ",
                "\u0000",
                "null",
                "5",
                "[]",
                "{\"ip\":\"192.0.2.1\"",
                "{\"ip\":\"192.0.2.1\",\"ip\":\"192.0.2.2\",\"from\":\"a@b\"}",
                good + good,
                "{\"ip\":\"\\u0000\",\"from\":\"a@b\",\"dns\":{}}",
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@b\",\"zone\":\"\\u0000\"}",
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@b\",\"time\":" + "9".repeat(1000) + "}",
                "{\"file\":\"-\"}",
                "{\"dns\":{" + repeated(300_000, i -> "\"n" + i + "\":{},") + "\"n\":{}}}",
                "{\"dns\":[" + "[],".repeat(4_000_000) + "[]]}");
        String[] lines =
                bad.stream().flatMap(line -> List.of(line, good).stream()).toArray(String[]::new);

        List<JsonObject> answers = batch(new SpfCheck(), lines);

        assertThat(answers).hasSize(lines.length);
        for (int i = 0; i < lines.length; i += 2) {
            String start = lines[i].substring(0, Math.min(60, lines[i].length()));
            assertThat(answers.get(i).text("error")).as(start).isPresent();
            assertThat(result(answers.get(i + 1))).as("after " + start).isEqualTo("pass");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip",
                "from",
                "helo",
                "time",
                "dns",
                "zone",
                "file",
                "message",
                "message-base64",
                "public-suffix-list",
                "domain",
                "selector",
                "key",
                "results"
            })
    void valuesOfTheWrongType(String key) {
        boolean isMessage = key.equals("file") || key.startsWith("message");
        JsonObject all = sender().put("message", isMessage ? new JsonNull() : new JsonText(FROM + "\ntext\n"))
                .put("domain", "example.org")
                .put("selector", "s")
                .put("key", pem())
                .put("results", "example.org; none")
                .build();
        List<Check> judges = switch (key) {
            case "ip", "from", "helo" -> List.of(new SpfCheck(), new DmarcCheck());
            case "time", "dns" -> List.of(new SpfCheck(), new DkimVerifyCheck(), new ArcSealCheck());
            case "zone" -> List.of(new SpfCheck(), new ArcVerifyCheck());
            case "file", "message", "message-base64" -> List.of(new DkimVerifyCheck(), new ArcVerifyCheck());
            case "public-suffix-list" -> List.of(new DmarcCheck());
            case "results" -> List.of(new ArcSealCheck());
            default -> List.of(new DkimSignCheck(), new ArcSealCheck());
        };
        for (String wrong : List.of("true", "[]", "{\"a\":5}", "5.5")) {
            JsonObject.Builder question = JsonObject.builder();
            all.members().forEach(question::put);
            question.put(key, Json.read(wrong));
            for (Check judge : judges) {
                assertThat(ask(judge, question.build()).text("error"))
                        .as(judge.getClass().getSimpleName() + " " + key + "=" + wrong)
                        .isPresent();
            }
        }
    }

    @Test
    void dnsOfFiftyThousandNames() {
        String names = repeated(50_000, i -> "\"n" + i + ".example\":{\"TXT\":\"x\",\"A\":\"192.0.2.1\"},");
        JsonObject answer = batch(
                        new SpfCheck(),
                        "{\"ip\":\"192.0.2.1\",\"from\":\"a@n5.example\",\"dns\":{" + names
                                + "\"example.org\":{\"TXT\":\"v=spf1 a -all\"}}}")
                .getFirst();
        assertThat(result(answer)).isEqualTo("none");
    }

    @Test
    void octetsThatAreNotUtf8() throws IOException {
        byte[] line = "{\"ip\":\"192.0.2.1\",\"from\":\"\u00ff@example.org\",\"dns\":{}}\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        StringWriter out = new StringWriter();
        new Batch(new CheckContext(() -> asked, CLOCK), new SpfCheck(), CheckCommand.MAX_LINE)
                .run(
                        new InputStreamReader(new ByteArrayInputStream(line), StandardCharsets.UTF_8),
                        new PrintWriter(out));
        assertThat(result(Json.readObject(out.toString().strip()))).isEqualTo("none");
        assertThat(out.toString().strip()).matches("[ -~]+");
    }

    /** They would bring fields of their own into the header. */
    @ParameterizedTest
    @CsvSource({
        "selector, 'a\r\nX: y'", "selector, ''", "selector, 'a b'", "selector, 'a;d=b'", "selector, a..b",
        "domain, 'a\r\nX: y'", "results, 'a; none\r\nX: y'", "results, 'a; none\nX: y'", "results, 'a\u0000'",
                "results, ' '",
        "results, jürgen"
    })
    void whatWouldNotStandInAFieldIsNotSigned(String key, String value) {
        JsonObject.Builder question = JsonObject.builder()
                .put("message", FROM + "\n")
                .put("domain", "example.org")
                .put("selector", "s")
                .put("key", pem())
                .put(key, new JsonText(value));
        assertThat(ask(new ArcSealCheck(), question.build()).text("error")).isPresent();
        if (!key.equals("results")) {
            assertThat(ask(new DkimSignCheck(), question.build()).text("error")).isPresent();
        }
    }

    @Test
    void base64ThatIsNone() {
        assertThat(result(ask(
                        new DkimVerifyCheck(),
                        JsonObject.builder().put("message-base64", "!!!").build())))
                .startsWith("error: message-base64 is not base64");
        assertThat(result(ask(
                        new DkimVerifyCheck(),
                        JsonObject.builder()
                                .put("message-base64", "RnJvbTog\r\nYUBleGFtcGxlLm9yZwoK")
                                .build())))
                .isEqualTo("none");
    }

    /** Clocks that are off; the verdict is of that time, and the exit status 0. */
    @ParameterizedTest
    @CsvSource({
        "0, permerror",
        "1795390000, permerror",
        "1795400000, pass",
        "2026-11-23T03:13:20+01:00, pass",
        "-999999999-01-01T00:00:00Z, permerror",
        // Nothing expires without x=.
        "99999999999, pass",
        "+999999999-12-31T23:59:59Z, pass"
    })
    void clocksThatAreFarOff(String time, String verdict) throws Exception {
        KeyPair pair = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
        Path key = Files.writeString(folder.resolve("key.pem"), PrivateKeys.write(pair.getPrivate()));
        Path records = Files.writeString(
                folder.resolve("zone"),
                "s._domainkey.example.org. TXT \""
                        + DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, pair.getPublic())
                                .replace(";", "\\;")
                        + "\"\n");
        Path message = Files.writeString(folder.resolve("m.eml"), FROM + "\ntext\n");
        StringWriter out = new StringWriter();
        CommandLine sign = CheckCommands.dkimSign(ZoneResolver::new);
        sign.setOut(new PrintWriter(out));
        String[] signing = {
            "--domain=example.org", "--selector=s", "--key=" + key, "--time=1795400000", message.toString()
        };
        assertThat(sign.execute(signing)).isZero();
        Files.writeString(message, out + FROM + "\ntext\n");
        StringWriter answer = new StringWriter();
        CommandLine verify = CheckCommands.dkimVerify(ZoneResolver::new);
        verify.setOut(new PrintWriter(answer));

        assertThat(verify.execute("--zone=" + records, "--time=" + time, message.toString()))
                .isZero();
        assertThat(answer.toString().lines().findFirst()).contains(verdict);
    }

    /** Whatever its size: after the header no more than a piece is in memory. */
    @Test
    void theBodyOfAMessageGoesBy() throws IOException {
        byte[] line = ("x".repeat(98) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long size = 100L << 20;
        AtomicLong given = new AtomicLong();
        InputStream body = new InputStream() {
            @Override
            public int read() {
                long at = given.getAndIncrement();
                return at < size ? line[(int) (at % line.length)] : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                int count = (int) Math.min(length, size - given.get());
                for (int i = 0; i < count; i++) {
                    bytes[offset + i] = line[(int) ((given.get() + i) % line.length)];
                }
                given.addAndGet(count);
                return count == 0 ? -1 : count;
            }
        };
        InputStream header = new ByteArrayInputStream((FROM + "\n").getBytes(StandardCharsets.US_ASCII));

        try (MessageInput text = MessageInput.of(new SequenceInputStream(header, body))) {
            assertThat(text.fields()).hasSize(1);
            assertThat(given.get()).isLessThan(1 << 20);
            BodyHashes hashes = new BodyHashes();
            hashes.want(Canonicalization.SIMPLE, OptionalLong.empty());
            text.feed(hashes);
            hashes.finish();
            assertThat(hashes.of(Canonicalization.SIMPLE, OptionalLong.empty())
                            .orElseThrow()
                            .canonicalLength())
                    .isBetween(size, size + 2);
        }
    }
}
