package org.posthorn.server.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.posthorn.config.ConfigFile;
import org.posthorn.dns.Answer;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.authentication.Disposition;
import org.posthorn.intake.authentication.DispositionRules;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.intake.authentication.VerdictLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.net.Listener;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.RecordedLog;

/** Mail of others, judged for an MTA. */
class MilterVerifyTest {
    private static final Domain THEIRS = Domain.parse("sender.test");
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final int WITHOUT_QUARANTINE = TestMta.ALL_ACTIONS & ~0x20;
    private static final String BODY = "body\r\n";

    private static ZoneResolver zone;
    private static DkimSigner signer;

    private final RecordedLog log = new RecordedLog();
    private final QuietObserver observer = new QuietObserver();
    private final Metrics metrics = new Metrics();
    /** What the observer was told, a line each. */
    private final List<String> judged = Collections.synchronizedList(new ArrayList<>());

    private final List<Listener> listeners = new ArrayList<>();

    @BeforeAll
    static void makeTheirKey() {
        KeyPair key = DkimKeyRecord.generate(DkimAlgorithm.RSA_SHA256);
        signer = new DkimSigner(THEIRS, List.of(new DkimKey("s1", key.getPrivate())));
        zone = new ZoneResolver()
                .withTxt("s1._domainkey.sender.test", DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, key.getPublic()))
                .withTxt("sender.test", "v=spf1 ip4:192.0.2.1 -all")
                .withTxt("_dmarc.sender.test", "v=DMARC1; p=reject")
                .withTxt("_dmarc.held.test", "v=DMARC1; p=quarantine");
    }

    private void judged(Authentication message, Disposition disposition, Envelope envelope, Instant when) {
        judged.add(disposition.name()
                + disposition.override().map(why -> " " + why).orElse("") + " "
                + message.dmarc().author().orElse("") + " "
                + envelope.addresses().stream().map(Address::toString).toList());
    }

    private TestMta mta(boolean enforce, String client) throws IOException {
        return mta(enforce, client, zone, TestMta.ALL_ACTIONS);
    }

    private TestMta mta(boolean enforce, String client, Resolver resolver, int actions) throws IOException {
        MilterConfig config = new MilterConfig(
                Set.of(MilterConfig.Mode.VERIFY),
                List.of(),
                Set.of(),
                "mx.posthorn.test",
                enforce,
                Duration.ofSeconds(10),
                Duration.ofMillis(10));
        InstantSource clock = InstantSource.fixed(NOW);
        MilterServices services = new MilterServices(
                new DkimSigners(domain -> List.of(), log),
                new MessageAuthenticator(resolver, "mx.posthorn.test", Duration.ofSeconds(10), false, clock),
                new DispositionRules(
                        AuthenticationConfig.read(
                                ConfigFile.parse("test.toml", "").root()),
                        _ -> false),
                new VerdictLog("milter", this::judged, metrics, clock, log),
                clock,
                log);
        Listener listener = Listener.start(
                new Listener.Settings(
                        "milter",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        100,
                        100,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        address -> true),
                new MilterServer(config, services),
                observer);
        listeners.add(listener);
        TestMta mta = new TestMta(listener.port());
        mta.negotiate(6, actions, TestMta.ALL_STEPS);
        mta.connect(client);
        return mta;
    }

    @AfterEach
    void stop() {
        listeners.forEach(Listener::close);
        assertThat(observer.defects()).isEmpty();
    }

    private static String signed(String body) {
        List<HeaderField> fields =
                List.of(new HeaderField("From: a@sender.test"), new HeaderField("Subject: a\r\n\tfolded  subject "));
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        hash.update(octets, 0, octets.length);
        return signer.sign(fields, hash.finish(), NOW)
                + "From: a@sender.test\r\nSubject: a\r\n\tfolded  subject \r\n\r\n" + BODY;
    }

    /** The value of the field that is inserted, on one line; the replies are that and CONTINUE. */
    private static String results(List<String> replies) {
        assertThat(replies).hasSize(2).last().isEqualTo("c");
        assertThat(replies.getFirst()).startsWith("i\0\0\0\u0001Authentication-Results\0 mx.posthorn.test;");
        return replies.getFirst().substring(29).replace("\n\t", " ");
    }

    @Test
    void saysThatAGoodMessagePasses() throws IOException {
        try (TestMta mta = mta(true, "192.0.2.1")) {
            mta.mail("<a@sender.test>", "");
            assertThat(results(mta.message(signed(BODY))))
                    .contains("spf=pass smtp.mailfrom=a@sender.test;")
                    .contains(
                            "dkim=pass header.d=sender.test header.i=@sender.test header.s=s1 header.a=rsa-sha256 header.b=")
                    .contains("dmarc=pass header.from=sender.test");
        }
        assertThat(log.lines().getLast())
                .startsWith("milter 4ABC: authentication [from, sender.test,")
                .contains("spf, pass, spf-domain, sender.test, dkim, sender.test:pass, arc, none, dmarc, pass");
    }

    @Test
    void saysThatABrokenSignatureFails() throws IOException {
        try (TestMta mta = mta(false, "192.0.2.9")) {
            mta.mail("<a@sender.test>", "");
            assertThat(results(mta.message(signed("another body\r\n"))))
                    .contains("spf=fail smtp.mailfrom=a@sender.test;")
                    .contains("dkim=fail reason=")
                    .contains("dmarc=fail header.from=sender.test");
        }
    }

    @Test
    void saysThatAMessageIsNotSigned() throws IOException {
        try (TestMta mta = mta(false, "192.0.2.9")) {
            mta.send('H', "client.example\0");
            mta.mail("<>", "");
            assertThat(results(mta.message("From: a@nothing.test\r\n\r\nbody\r\n")))
                    .contains("smtp.helo=client.example;")
                    .contains("dkim=none")
                    .contains("dmarc=none header.from=nothing.test");
        }
    }

    @Test
    void refusesAndHoldsWhatItsDomainWantsOnlyWhereDmarcIsEnforced() throws IOException {
        try (TestMta mta = mta(true, "192.0.2.9")) {
            mta.mail("<a@sender.test>", "");
            assertThat(mta.message("From: a@sender.test\r\n\r\nforged\r\n"))
                    .singleElement()
                    .asString()
                    .startsWith("y550 5.7.26 DMARC: message fails the checks of sender.test, whose policy is reject");
            mta.mail("<a@held.test>", "");
            assertThat(mta.message("From: a@held.test\r\n\r\nforged\r\n"))
                    .hasSize(3)
                    .contains("qauthentication: the policy is quarantine\0");
        }
        try (TestMta mta = mta(false, "192.0.2.9")) {
            mta.mail("<a@sender.test>", "");
            assertThat(results(mta.message("From: a@sender.test\r\n\r\nforged\r\n")))
                    .contains("dmarc=fail");
        }
    }

    /** docs/milter.md. */
    @Test
    void asksTheClientToComeAgainWhereItCannotBeToldAndDmarcIsEnforced() throws IOException {
        Resolver silent = new Resolver() {
            @Override
            public <T> Answer<T> ask(RecordType<T> type, String name) {
                return name.equals("sender.test")
                        ? new Answer.Failure<>(FailureKind.TIMEOUT, "no answer")
                        : zone.ask(type, name);
            }
        };
        String forged = "From: a@sender.test\r\n\r\nforged\r\n";
        try (TestMta mta = mta(true, "192.0.2.9", silent, TestMta.ALL_ACTIONS)) {
            mta.mail("<a@sender.test>", "");
            assertThat(mta.message(forged))
                    .containsExactly(
                            "y451 4.7.0 DMARC: cannot check mail of sender.test at present, try again later\0");
        }
        try (TestMta mta = mta(false, "192.0.2.9", silent, TestMta.ALL_ACTIONS)) {
            mta.mail("<a@sender.test>", "");
            assertThat(results(mta.message(forged))).contains("dmarc=temperror header.from=sender.test");
        }
        assertThat(judged).containsExactly("defer sender.test []", "none sender.test []");
    }

    @Test
    void countsAndReportsWhatReallyBecomesOfMail() throws IOException {
        String forged = "From: a@sender.test\r\n\r\nforged\r\n";
        try (TestMta mta = mta(true, "192.0.2.9")) {
            mta.mail("<a@sender.test>", "");
            mta.rcpt("<one@here.test>");
            mta.rcpt("<two@here.test>");
            mta.rcpt("<>");
            assertThat(mta.message(forged)).hasSize(1);
            mta.mail("<a@held.test>", "");
            mta.rcpt("<j\u00c3\u00b6rg@here.test>");
            assertThat(mta.message("From: a@held.test\r\n\r\nforged\r\n")).hasSize(3);
        }
        try (TestMta mta = mta(false, "192.0.2.9")) {
            mta.mail("<a@sender.test>", "");
            mta.rcpt("<one@here.test>");
            results(mta.message(forged));
        }
        try (TestMta mta = mta(true, "192.0.2.9", zone, WITHOUT_QUARANTINE)) {
            mta.mail("<a@held.test>", "");
            results(mta.message("From: a@held.test\r\n\r\nforged\r\n"));
        }
        assertThat(judged)
                .containsExactly(
                        "reject sender.test [one@here.test, two@here.test]",
                        "quarantine held.test [j\u00f6rg@here.test]",
                        "none LOCAL_POLICY sender.test [one@here.test]",
                        "none LOCAL_POLICY held.test []");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        metrics.writeTo(text);
        assertThat(text.toString(StandardCharsets.UTF_8))
                .contains("posthorn_authentication_dmarc_total{result=\"fail\"} 4.0")
                .contains("posthorn_authentication_dkim_total{result=\"none\"} 4.0")
                .contains("posthorn_authentication_dispositions_total{disposition=\"none\"} 2.0");
    }

    @Test
    void tellsTheMtaThatJudgingTakesLong() throws IOException {
        CountDownLatch patience = new CountDownLatch(1);
        Resolver slow = new Resolver() {
            @Override
            public <T> Answer<T> ask(RecordType<T> type, String name) {
                try {
                    patience.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return zone.ask(type, name);
            }
        };
        try (TestMta mta = mta(true, "192.0.2.1", slow, TestMta.ALL_ACTIONS)) {
            mta.mail("<a@sender.test>", "");
            mta.header("From", " a@sender.test");
            assertThat(mta.endOfHeader("4ABC")).containsExactly("c");
            mta.send('E', "body\r\n");
            assertThat(List.of(mta.read(), mta.read(), mta.read())).containsExactly("p", "p", "p");
            patience.countDown();
            List<String> rest = new ArrayList<>();
            do {
                rest.add(mta.read());
            } while (!rest.getLast().equals("c"));
            rest.removeIf("p"::equals);
            assertThat(results(rest)).contains("dmarc=pass header.from=sender.test");
        }
    }

    @Test
    void removesResultsThatPretendToBeOursFromTheLastToTheFirst() throws IOException {
        try (TestMta mta = mta(false, "192.0.2.9")) {
            mta.mail("<a@nothing.test>", "");
            String forged = String.join(
                    "\r\n",
                    "Authentication-Results: mx.posthorn.test; dkim=pass header.d=bank.test",
                    "Authentication-Results: other.test; dkim=pass header.d=bank.test",
                    "authentication-results: (x) MX.posthorn.TEST; spf=pass smtp.mailfrom=bank.test",
                    "");
            assertThat(mta.message(forged + "From: a@nothing.test\r\n\r\nbody\r\n"))
                    .hasSize(4)
                    .startsWith("m\0\0\0\u0003Authentication-Results\0\0", "m\0\0\0\u0001Authentication-Results\0\0");
        }
    }
}
