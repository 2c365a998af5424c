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
import org.posthorn.testing.Eventually;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.RecordedLog;

/** What a connection of an MTA holds of the memory, what it forgets and when, and which steps it answers. */
class MilterSessionGapTest {
    private static final Domain OURS = Domain.parse("posthorn.test");
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    /** Octets that a connection costs by itself. */
    private static final long CONNECTION = 6144;

    @TempDir
    static Path keys;

    private static DkimSigner signer;

    private final RecordedLog log = new RecordedLog();
    private final QuietObserver observer = new QuietObserver();
    private MemoryBudget memory = new MemoryBudget(MemoryBudget.Limits.NONE);
    private Listener listener;

    @BeforeAll
    static void makeKey() throws IOException {
        PrivateKey key = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256).getPrivate();
        Files.writeString(keys.resolve("ed25519.pem"), PrivateKeys.write(key));
        signer = new DkimSigner(OURS, List.of(new DkimKey("ed25519", key)));
    }

    private static List<DkimKeyFile> keysOf(Domain domain) {
        return domain.equals(OURS)
                ? List.of(new DkimKeyFile(domain, "ed25519", keys.resolve("ed25519.pem")))
                : List.of();
    }

    @BeforeEach
    void start() throws IOException {
        InstantSource clock = InstantSource.fixed(NOW);
        MilterConfig config = new MilterConfig(
                Set.of(MilterConfig.Mode.SIGN),
                List.of(Network.parse("192.0.2.0/25")),
                Set.of(),
                "mx.posthorn.test",
                false,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10));
        MilterServices services = new MilterServices(
                new DkimSigners(MilterSessionGapTest::keysOf, log),
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

    private void restartWith(long octets) throws IOException {
        listener.close();
        memory = new MemoryBudget(new MemoryBudget.Limits(octets, 1, 1));
        start();
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

    /** Waits until all packets so far have been obeyed: this one is always answered, and nothing of it is kept. */
    private static void sync(TestMta mta) throws IOException {
        mta.send('U', "VRFY\0");
        assertThat(mta.read()).isEqualTo("c");
    }

    /** What the session holds beyond the connection itself; the buffer of the last reply may be on its way back. */
    private void holds(TestMta mta, long octets) throws Exception {
        sync(mta);
        Eventually.await(() -> memory.heldByStrangers() < CONNECTION + (16 << 10));
        assertThat(memory.heldByStrangers()).isEqualTo(CONNECTION + octets);
    }

    /** Macros, recipients and header fields are kept: each costs thrice its octets and 200 more. */
    @Test
    void paysForWhatItKeepsUntilTheMessageEnds() throws Exception {
        try (TestMta mta = mta()) {
            holds(mta, 0);
            mta.send('H', "client.example\0");
            holds(mta, 0);
            mta.send('D', "Mi\0" + "4ABC\0");
            holds(mta, 3 * 8 + 200);
            mta.send('M', "<alice@posthorn.test>\0");
            holds(mta, 3 * 8 + 200);
            mta.send('R', "<bob@example.org>\0");
            holds(mta, 3 * 8 + 200 + 3 * 18 + 200);
            mta.send('L', "Subject\0 hello\0");
            holds(mta, 3 * 8 + 200 + 3 * 18 + 200 + 3 * 15 + 200);
            mta.send('A', "");
            holds(mta, 0);
            mta.send('A', "");
            holds(mta, 0);
        }
        Eventually.await(() -> memory.heldByStrangers() == 0);
    }

    /** The octets of macros of the SMTP session, names and values, count thrice until the next session. */
    @Test
    void paysForTheMacrosOfTheSessionBeyondTheMessage() throws Exception {
        try (TestMta mta = mta()) {
            mta.send('D', "Cj\0mx.test\0");
            holds(mta, 3 * 11 + 200);
            mta.send('D', "Mi\0" + "4ABC\0");
            holds(mta, 3 * 11 + 200 + 3 * 8 + 200);
            mta.send('A', "");
            holds(mta, 3 * 8);
            mta.send('L', "Subject\0 hello\0");
            holds(mta, 3 * 8 + 3 * 15 + 200);
            mta.send('A', "");
            holds(mta, 3 * 8);
            mta.send('L', "Subject\0 hello\0");
            mta.send('K', "");
            holds(mta, 0);
        }
    }

    @Test
    void givesBackWhatAMessageHeldHoweverItEnds() throws Exception {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            mta.send('A', "");
            sync(mta);
            Eventually.await(() -> memory.heldByStrangers() < CONNECTION + (16 << 10));
            long idle = memory.heldByStrangers() - CONNECTION;
            mta.mail("<alice@posthorn.test>", "");
            assertThat(mta.message("From: a@posthorn.test\r\n\r\nbody\r\n")).hasSize(2);
            holds(mta, idle);
            mta.mail("<alice@elsewhere.test>", "");
            assertThat(mta.message("From: a@elsewhere.test\r\n\r\nbody\r\n")).containsExactly("a");
            holds(mta, idle);
        }
    }

    /** What follows at once, without a MAIL, is another message. */
    @Test
    void forgetsAHeaderThatIsTooLarge() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            for (int i = 0; i <= 10_000; i++) {
                mta.header("X", "");
            }
            assertThat(mta.endOfHeader("4ABC")).containsExactly("y552 5.3.4 Message header too large\0");
            mta.header("From", " a@posthorn.test");
            assertThat(mta.endOfHeader("4ABC")).containsExactly("c");
        }
    }

    @Test
    void forgetsAMessageThatItLeavesAlone() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            mta.header("From", " a@elsewhere.test");
            assertThat(mta.endOfHeader("4ABC")).containsExactly("a");
            mta.header("From", " a@posthorn.test");
            assertThat(mta.endOfHeader("4ABC")).containsExactly("c");
        }
    }

    @Test
    void forgetsAMessageThatIsAbortedOrWhoseClientChanges() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            for (char end : new char[] {'A', 'K'}) {
                mta.header("From", " a@elsewhere.test");
                mta.send(end, "");
                mta.connect("192.0.2.1");
                mta.header("From", " a@posthorn.test");
                assertThat(mta.endOfHeader("4ABC")).as("after %s", end).containsExactly("c");
                mta.send(end, "");
                assertThat(mta.endOfMessage("body\r\n")).as("after %s", end).containsExactly("a");
                mta.connect("192.0.2.1");
            }
            mta.header("From", " a@elsewhere.test");
            mta.mail("<alice@posthorn.test>", "");
            mta.header("From", " a@posthorn.test");
            assertThat(mta.endOfHeader("4ABC")).as("after MAIL").containsExactly("c");
        }
    }

    @Test
    void forgetsTheClientWhoseConnectionHasEnded() throws IOException {
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            mta.send('K', "");
            mta.header("From", " a@posthorn.test");
            assertThat(mta.endOfHeader("4ABC")).containsExactly("a");
        }
    }

    /** The first header after the negotiation is read as was agreed, though no MAIL has come before it. */
    @Test
    void readsTheFirstHeaderAsWasAgreed() throws IOException {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        byte[] body = "body\r\n".getBytes(StandardCharsets.US_ASCII);
        hash.update(body, 0, body.length);
        String signature = signer.sign(List.of(new HeaderField("From: a@posthorn.test")), hash.finish(), NOW);
        String value = new HeaderField(signature.strip()).value().replace("\r\n", "\n");
        try (TestMta mta = mta()) {
            mta.connect("192.0.2.1");
            assertThat(mta.message("From: a@posthorn.test\r\n\r\nbody\r\n"))
                    .containsExactly("i\0\0\0\u0001DKIM-Signature\0" + value + "\0", "c");
        }
    }

    /** Version 2 knows no step without an answer. */
    @Test
    void answersEachStepWhereTheMtaWaits() throws IOException {
        try (TestMta mta = new TestMta(listener.port())) {
            mta.negotiate(2, 0x1f, 0x7f);
            for (String step : List.of(
                    "Cclient.example\0" + "4\0\u0019192.0.2.1\0",
                    "Hclient.example\0",
                    "M<alice@posthorn.test>\0",
                    "R<bob@example.org>\0",
                    "T",
                    "UVRFY\0",
                    "LFrom\0a@posthorn.test\0",
                    "N",
                    "Bbody\r\n",
                    "Bmore\r\n")) {
                mta.send(step.charAt(0), step.substring(1));
                assertThat(mta.read()).as(step).isEqualTo("c");
            }
            assertThat(mta.endOfMessage("")).hasSize(2);
        }
    }

    /** With the newest MTA only DATA, an unknown command and the header's end are answered, and of these it sends the last alone. */
    @Test
    void answersNoStepThatItHasAgreedToPassInSilence() throws IOException {
        try (TestMta mta = new TestMta(listener.port())) {
            String answer = mta.negotiate(6, TestMta.ALL_ACTIONS, TestMta.ALL_STEPS);
            assertThat(TestMta.number(answer, 9)).isEqualTo(0x18f380);
            for (String step : List.of(
                    "Cclient.example\0" + "4\0\u0019192.0.2.1\0",
                    "Hclient.example\0",
                    "M<alice@posthorn.test>\0",
                    "R<bob@example.org>\0",
                    "LFrom\0a@elsewhere.test\0",
                    "Bbody\r\n")) {
                mta.send(step.charAt(0), step.substring(1));
            }
            mta.send('N', "");
            assertThat(mta.read()).isEqualTo("a");
            mta.send('T', "");
            assertThat(mta.read()).isEqualTo("c");
        }
    }

    /** A header field of 103 octets costs 509; an end of message costs nothing. */
    @Test
    void defersWhereAPacketCostsOneOctetTooMuch() throws IOException {
        restartWith(CONNECTION + 509);
        try (TestMta mta = mta()) {
            mta.send('L', "X\0" + "x".repeat(100) + "\0");
            assertThat(mta.endOfMessage("")).containsExactly("a");
        }
        restartWith(CONNECTION + 508);
        try (TestMta mta = mta()) {
            mta.send('L', "X\0" + "x".repeat(100) + "\0");
            assertThat(mta.read()).isEqualTo("t");
            assertThat(mta.isOver()).isTrue();
        }
        assertThat(log.lines()).singleElement().asString().contains(": memory [mta, 127.0.0.1,", "short of memory");
    }

    @Test
    void speaksWithNobodyWhoBeginsWithoutANegotiationThatServes() throws IOException {
        try (TestMta mta = new TestMta(listener.port())) {
            mta.send('B', "body\r\n");
            assertThat(mta.isOver()).isTrue();
        }
        try (TestMta mta = new TestMta(listener.port())) {
            mta.send('O', "\0\0\0\u0006\0\0\u0001\u00fe\0\u001f\u00ff\u00ff");
            assertThat(mta.isOver()).isTrue();
        }
        try (TestMta mta = mta()) {
            mta.send('O', "\0\0\0\u0006\0\0\u0001\u00ff\0\u001f\u00ff\u00ff");
            assertThat(mta.isOver()).isTrue();
        }
        assertThat(log.lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("protocol-error", "no negotiation"),
                        line -> assertThat(line).contains("protocol-error", "lets no header fields be added"),
                        line -> assertThat(line).contains("protocol-error", "negotiation twice"));
    }
}
