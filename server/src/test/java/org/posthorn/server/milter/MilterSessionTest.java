package org.posthorn.server.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.ConfigFile;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.authentication.AuthenticationObserver;
import org.posthorn.intake.authentication.DispositionRules;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.intake.authentication.VerdictLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.mail.Network;
import org.posthorn.net.Listener;
import org.posthorn.net.MemoryBudget;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.signing.DkimKeyFile;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.RecordedLog;

/** Conversations with an MTA, over a socket. Both signatures are deterministic, so they can be compared. */
class MilterSessionTest {
    private static final Domain OURS = Domain.parse("posthorn.test");
    private static final Domain BROKEN = Domain.parse("broken.test");
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final String LOGIN = "{auth_type}\0PLAIN\0{auth_authen}\0alice\0";
    private static final String MESSAGE = String.join(
            "\r\n",
            "From: Alice <alice@posthorn.test>",
            "To: bob@example.org",
            "Subject: a",
            "\tfolded  subject ",
            "X-Odd:\ttab first",
            "",
            "body",
            ".",
            "");

    @TempDir
    static Path keys;

    private static DkimSigner signer;

    private final RecordedLog log = new RecordedLog();
    private final QuietObserver observer = new QuietObserver();
    private Listener listener;

    @BeforeAll
    static void makeKeys() throws IOException {
        List<DkimKey> loaded = new ArrayList<>();
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            PrivateKey key = DkimKeyRecord.generate(algorithm).getPrivate();
            Files.writeString(keys.resolve(algorithm.keyType() + ".pem"), PrivateKeys.write(key));
            loaded.add(new DkimKey(algorithm.keyType(), key));
        }
        signer = new DkimSigner(OURS, loaded);
    }

    private static List<DkimKeyFile> keysOf(Domain domain) {
        if (domain.equals(BROKEN)) {
            return List.of(new DkimKeyFile(domain, "gone", keys.resolve("gone.pem")));
        }
        return domain.equals(OURS)
                ? List.of(
                        new DkimKeyFile(domain, "rsa", keys.resolve("rsa.pem")),
                        new DkimKeyFile(domain, "ed25519", keys.resolve("ed25519.pem")))
                : List.of();
    }

    @BeforeEach
    void start() throws IOException {
        listen(Duration.ofSeconds(10));
    }

    private void listen(Duration idle) throws IOException {
        listen(idle, new MemoryBudget(MemoryBudget.Limits.NONE));
    }

    private void listen(Duration idle, MemoryBudget memory) throws IOException {
        MilterConfig config = new MilterConfig(
                Set.of(MilterConfig.Mode.SIGN),
                List.of(Network.parse("192.0.2.0/25")),
                Set.of("ORIGINATING"),
                "mx.posthorn.test",
                false,
                idle,
                Duration.ofSeconds(10));
        InstantSource clock = InstantSource.fixed(NOW);
        MilterServices services = new MilterServices(
                new DkimSigners(MilterSessionTest::keysOf, log),
                new MessageAuthenticator(new ZoneResolver(), "mx.posthorn.test", Duration.ofSeconds(10), false, clock),
                new DispositionRules(
                        AuthenticationConfig.read(
                                ConfigFile.parse("test.toml", "").root()),
                        _ -> false),
                new VerdictLog("milter", AuthenticationObserver.NONE, new Metrics(), clock, log),
                clock,
                log);
        listener = Listener.start(
                new Listener.Settings(
                        "milter",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        100,
                        100,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        client -> true),
                new MilterServer(config, services),
                observer,
                memory);
    }

    @AfterEach
    void stop() {
        listener.close();
        assertThat(observer.defects()).isEmpty();
    }

    private TestMta mta() throws IOException {
        TestMta mta = new TestMta(listener.port());
        mta.negotiate(6, TestMta.ALL_ACTIONS, TestMta.ALL_STEPS);
        return mta;
    }

    /** The replies of a filter that signs, for this MTA's idea of the space after the colon. */
    private static List<String> signed(String message, boolean leadingSpace) {
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        HeaderScanner scanner = new HeaderScanner(1 << 20);
        int header = scanner.feed(octets, 0, octets.length);
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(octets, header, octets.length - header);
        String signatures = signer.sign(scanner.scanned().fields(), hash.finish(), NOW);
        List<String> replies = new ArrayList<>(List.of("c"));
        for (String field : signatures.split("\r\n(?![ \t])", -1)) {
            if (!field.isEmpty()) {
                String value = new HeaderField(field).value().replace("\r\n", "\n");
                replies.addFirst("i\0\0\0\u0001DKIM-Signature\0" + (leadingSpace ? value : value.substring(1)) + "\0");
            }
        }
        return replies;
    }

    @Test
    void signsForAnAuthenticatedClientWhatTheMtaSendsOut() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("203.0.113.1");
            mta.mail("<alice@posthorn.test>", LOGIN);
            assertThat(mta.message(MESSAGE)).isEqualTo(signed(MESSAGE, true)).hasSize(3);
        }
        assertThat(log.lines()).contains("milter 4ABC: dkim-sign [domain, posthorn.test, origin, authenticated]");
    }

    @Test
    void speaksVersion2WithoutLeadingSpaceAndWithAnAnswerToEachStep() throws IOException {
        try (TestMta mta = new TestMta(listener.port())) {
            String answer = mta.negotiate(2, 0x1f, 0x7f);
            assertThat(TestMta.number(answer, 1)).isEqualTo(2);
            assertThat(answer).hasSize(13);
            mta.connect("203.0.113.1");
            mta.send('H', "client.example\0");
            assertThat(mta.read()).isEqualTo("c");
            mta.mail("<alice@posthorn.test>", LOGIN);
            mta.rcpt("<somebody@example.org>");
            assertThat(mta.message(MESSAGE)).isEqualTo(signed(MESSAGE, false));
        }
    }

    @Test
    void agreesOnTheMacrosItNeedsAndNotOnStepsItIgnores() throws IOException {
        try (TestMta mta = new TestMta(listener.port())) {
            String answer = mta.negotiate(6, TestMta.ALL_ACTIONS, TestMta.ALL_STEPS);
            assertThat(answer).contains("i {auth_type} {auth_authen}\0");
            assertThat(TestMta.number(answer, 5)).isEqualTo(0x131);
            assertThat(TestMta.number(answer, 9) & 0x10).as("bodies come").isZero();
            assertThat(TestMta.number(answer, 9) & 0x8008)
                    .as("recipients come, and no answer to them")
                    .isEqualTo(0x8000);
        }
    }

    @Test
    void hashesABodyOfManyPieces() throws IOException {
        String large = MESSAGE + "x".repeat(70).concat("\r\n").repeat(5000) + "\r\n\r\n";
        try (TestMta mta = mta()) {
            mta.connect("203.0.113.1");
            mta.mail("<alice@posthorn.test>", LOGIN);
            assertThat(mta.message(large)).isEqualTo(signed(large, true));
        }
    }

    @Test
    void signsForInternalHostsAndNamedDaemonsOnly() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.127");
            mta.mail("<alice@posthorn.test>", "");
            assertThat(mta.message(MESSAGE)).hasSize(3);
            mta.send('K', "");
            mta.connect("192.0.2.128");
            mta.mail("<alice@posthorn.test>", "{auth_type}\0\0");
            assertThat(mta.message(MESSAGE)).containsExactly("a");
            mta.send('D', "C{daemon_name}\0ORIGINATING\0");
            mta.mail("<alice@posthorn.test>", "");
            assertThat(mta.message(MESSAGE)).hasSize(3);
        }
    }

    @Test
    void defersAMessageWhoseHeaderIsTooDear() throws IOException {
        listener.close();
        listen(Duration.ofSeconds(10), new MemoryBudget(new MemoryBudget.Limits((6 << 10) + (16 << 10) + 7000, 1, 1)));
        try (TestMta mta = mta()) {
            mta.connect("203.0.113.1");
            for (int i = 0; i < 3; i++) {
                mta.mail("<alice@posthorn.test>", LOGIN);
                assertThat(mta.message(MESSAGE))
                        .as("what ended message %d is given back", i)
                        .hasSize(3);
            }
            mta.mail("<alice@posthorn.test>", LOGIN);
            mta.header("X", " " + "x".repeat(2300));
            assertThat(mta.read()).isEqualTo("t");
        }
    }

    @Test
    void aLoginEndsWithItsMessage() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("203.0.113.1");
            mta.mail("<alice@posthorn.test>", LOGIN);
            assertThat(mta.message(MESSAGE)).hasSize(3);
            // no new macros, which would take the place of the old ones by themselves
            mta.mailWithoutMacros("<alice@posthorn.test>");
            assertThat(mta.message(MESSAGE)).containsExactly("a");
        }
    }

    @Test
    void forgetsAMessageThatIsAborted() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            mta.mail("<alice@posthorn.test>", "");
            mta.header("Subject", " aborted");
            mta.send('A', "");
            mta.mail("<alice@posthorn.test>", "");
            mta.header("From", " alice@posthorn.test");
            assertThat(mta.endOfHeader("4ABC")).containsExactly("c");
            mta.send('B', "never ends");
            mta.send('A', "");
            mta.mail("<alice@posthorn.test>", "");
            assertThat(mta.message(MESSAGE)).isEqualTo(signed(MESSAGE, true));
        }
    }

    @Test
    void leavesAloneWhatIsNotOursToSign() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            for (String from : List.of(
                    "From: a@elsewhere.test\r\n",
                    "From: nobody\r\n",
                    "Subject: no author\r\n",
                    "From: a@posthorn.test\r\nFrom: b@elsewhere.test\r\n")) {
                mta.mail("<alice@posthorn.test>", LOGIN);
                assertThat(mta.message(from + "\r\nbody\r\n")).as(from).containsExactly("a");
            }
        }
        assertThat(log.lines())
                .contains("milter 4ABC: dkim-not-signed [reason, no key for elsewhere.test]")
                .contains("milter 4ABC: dkim-not-signed [reason, no single From with an address]");
    }

    @Test
    void defersMailWhoseKeyCannotBeRead() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            mta.mail("<alice@broken.test>", LOGIN);
            assertThat(mta.message("From: a@broken.test\r\n\r\nbody\r\n"))
                    .containsExactly("y451 4.7.5 Cannot sign the message at present\0");
            assertThat(log.lines().getLast()).startsWith("milter 4ABC: dkim-no-key [] java.io.IOException: ");
        }
    }

    @Test
    void refusesAHeaderThatIsTooLarge() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            mta.mail("<alice@posthorn.test>", "");
            for (int i = 0; i < 5; i++) {
                mta.header("X-Large", "x".repeat(60_000));
            }
            assertThat(mta.endOfHeader("4ABC")).containsExactly("y552 5.3.4 Message header too large\0");
            mta.mail("<alice@posthorn.test>", "");
            for (int i = 0; i <= 10_000; i++) {
                mta.header("X", "");
            }
            assertThat(mta.endOfHeader("4ABC")).containsExactly("y552 5.3.4 Message header too large\0");
            mta.mail("<alice@posthorn.test>", "");
            assertThat(mta.message(MESSAGE)).hasSize(3);
        }
    }

    @Test
    void takesPacketsInPieces() throws IOException {
        try (TestMta mta = mta()) {
            for (int i = 0; i < 100; i++) {
                mta.dribble('U', "VRFY\0");
                assertThat(mta.read()).isEqualTo("c");
            }
        }
    }

    @Test
    void endsTheConnectionWhenItIsNotTheProtocol() throws IOException {
        try (TestMta mta = mta()) {
            mta.send('x', "");
            assertThat(mta.isOver()).isTrue();
        }
        try (TestMta mta = new TestMta(listener.port())) {
            mta.send('N', "");
            assertThat(mta.isOver()).isTrue();
        }
        assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("protocol-error"));
    }

    @Test
    void endsWithQuitAndWithoutAWordWhereTheMtaLeaves() throws IOException {
        try (TestMta mta = mta()) {
            mta.send('Q', "");
            assertThat(mta.isOver()).isTrue();
        }
        mta().close();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void endsAConnectionThatIsIdleForTooLong() throws IOException {
        listener.close();
        listen(Duration.ofMillis(50));
        try (TestMta mta = mta()) {
            assertThat(mta.isOver()).isTrue();
        }
        assertThat(log.lines()).singleElement().asString().contains("timeout");
    }
}
