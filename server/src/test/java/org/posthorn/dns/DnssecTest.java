package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Validation of what a real Knot serves, with BIND's delv as second opinion. */
@Timeout(120)
class DnssecTest {
    @TempDir
    static Path directory;

    private static Optional<SignedZones> zones = Optional.empty();

    private final Resolver resolver = resolver(Dnssec.VALIDATE);

    @BeforeAll
    static void startKnot() throws Exception {
        assumeTrue(SignedZones.arePossible(), "Knot, BIND's tools or delv are not installed");
        zones = Optional.of(new SignedZones(directory));
    }

    @AfterAll
    static void stopKnot() throws Exception {
        if (zones.isPresent()) {
            zones.get().close();
        }
    }

    private static Resolver resolver(Dnssec dnssec) {
        SignedZones those = zones.orElseThrow();
        return new DnsjavaResolver(
                DnsConfig.standard()
                        .withServers(List.of(those.address()))
                        .withDnssec(dnssec, Optional.of(those.anchors())),
                InstantSource.system());
    }

    private static String state(Answer<?> answer) {
        return answer instanceof Answer.Failure<?> failure
                ? failure.kind() == FailureKind.BOGUS ? "bogus" : failure.toString()
                : answer.isSecure() ? "secure" : "insecure";
    }

    private static RecordType<?> type(String mnemonic) {
        return switch (mnemonic) {
            case "A" -> RecordType.A;
            case "MX" -> RecordType.MX;
            case "TXT" -> RecordType.TXT;
            case "TLSA" -> RecordType.TLSA;
            case "CNAME" -> RecordType.CNAME;
            default -> throw new IllegalArgumentException(mnemonic);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "secure.test, MX, secure",
        "www.secure.test, A, secure",
        "_25._tcp.mx.secure.test, TLSA, secure",
        "_25._tcp.www.secure.test, TLSA, secure",
        "absent.secure.test, A, secure",
        "www.secure.test, TXT, secure",
        "empty.secure.test, A, secure",
        "any.wild.secure.test, TXT, secure",
        "any.wild.secure.test, A, secure",
        "alias.secure.test, CNAME, secure",
        "second.secure.test, A, secure",
        "second.secure.test, MX, secure",
        "dangling.secure.test, A, secure",
        "inside.secure.test, A, secure",
        "outside.secure.test, A, insecure",
        "outside.secure.test, CNAME, secure",
        "broken.secure.test, A, bogus",
        "www.nsec3.test, A, secure",
        "absent.nsec3.test, A, secure",
        "www.nsec3.test, TXT, secure",
        "empty.nsec3.test, A, secure",
        "any.wild.nsec3.test, TXT, secure",
        "any.wild.nsec3.test, A, secure",
        "www.online.test, A, secure",
        "www.online.test, TXT, secure",
        "outside.online.test, A, insecure",
        "www.insecure.test, A, insecure",
        "absent.insecure.test, A, insecure",
        "www.insecure.test, TXT, insecure",
        "inside.insecure.test, A, insecure",
        "www.expired.test, A, bogus",
        "absent.expired.test, A, bogus",
        "www.future.test, A, bogus",
        "www.tampered.test, A, bogus",
        "mx.tampered.test, A, secure",
        "www.stripped.test, A, bogus",
        "absent.stripped.test, A, bogus",
        "www.wrongds.test, A, bogus",
        "absent.test, A, secure",
        "absent, A, secure",
    })
    void agreesWithBind(String name, String type, String state) throws Exception {
        Answer<?> answer = resolver.ask(type(type), name);
        assertThat(state(answer)).as(answer.toString()).isEqualTo(state);
        assertThat(zones.orElseThrow().delv(name, type)).as("delv").isEqualTo(state);
    }

    /** Knot denies names by saying that they exist and have nothing; delv 9.18 agrees. */
    @Test
    void provesThatAnOnlineSignedZoneHasNoSuchName() {
        Answer<?> absent = resolver.ipv4("absent.online.test");
        assertThat(absent.isSecure()).isTrue();
        assertThat(absent.recordsOrNone()).isEmpty();
    }

    @Test
    void aBogusAnswerSaysWhy() {
        assertThat(reason("www.expired.test")).startsWith("DNSSEC (EDE 6 ").contains("expired.test");
        assertThat(reason("www.tampered.test")).startsWith("DNSSEC (EDE 6 ").contains("www.tampered.test");
        assertThat(reason("www.stripped.test")).startsWith("DNSSEC (EDE 9 ");
    }

    private String reason(String name) {
        return ((Answer.Failure<?>) resolver.ipv4(name)).reason();
    }

    @Test
    void findsTheRecordsThemselves() {
        assertThat(resolver.tlsa("_25._tcp.mx.secure.test").recordsOrNone())
                .containsExactly(new TlsaRecord(3, 1, 1, "ab".repeat(32)));
        assertThat(resolver.mx("secure.test").recordsOrNone()).containsExactly(new MxRecord(10, "mx.secure.test"));
        assertThat(resolver.txt("any.wild.secure.test").recordsOrNone()).containsExactly("wild");
        assertThat(resolver.ask(RecordType.DS, "secure.test").isSecure()).isTrue();
        assertThat(resolver.ask(RecordType.DNSKEY, "secure.test").isSecure()).isTrue();
    }

    @Test
    void withoutValidationNothingIsSecureAndNothingBogus() {
        for (Dnssec other : List.of(Dnssec.OFF, Dnssec.TRUST_AD)) {
            Resolver trusting = resolver(other);
            assertThat(state(trusting.ipv4("www.secure.test"))).isEqualTo("insecure");
            assertThat(state(trusting.ipv4("www.tampered.test"))).isEqualTo("insecure");
        }
    }

    @Test
    void validatesByItselfWhereTheServersShowTheRootsKeys() {
        Resolver automatic = resolver(Dnssec.AUTO);
        assertThat(state(automatic.ipv4("www.secure.test"))).isEqualTo("secure");
        assertThat(state(automatic.ipv4("www.tampered.test"))).isEqualTo("bogus");
    }

    @Test
    void withTheWrongRootKeysNothingIsBelieved() {
        DnsConfig config =
                DnsConfig.standard().withServers(List.of(zones.orElseThrow().address()));
        Resolver strict =
                new DnsjavaResolver(config.withDnssec(Dnssec.VALIDATE, Optional.empty()), InstantSource.system());
        assertThat(state(strict.ipv4("www.secure.test"))).isEqualTo("bogus");
        assertThat(state(strict.ipv4("www.insecure.test"))).isEqualTo("bogus");
        Resolver automatic =
                new DnsjavaResolver(config.withDnssec(Dnssec.AUTO, Optional.empty()), InstantSource.system());
        assertThat(state(automatic.ipv4("www.secure.test"))).isEqualTo("insecure");
    }

    @Test
    void doesNotBelieveSignaturesBeforeOrAfterTheirTime() {
        SignedZones those = zones.orElseThrow();
        for (String time : List.of("2020-01-15T00:00:00Z", "2090-01-15T00:00:00Z")) {
            Resolver elsewhen = new DnsjavaResolver(
                    DnsConfig.standard()
                            .withServers(List.of(those.address()))
                            .withDnssec(Dnssec.VALIDATE, Optional.of(those.anchors())),
                    InstantSource.fixed(Instant.parse(time)));
            assertThat(state(elsewhen.ipv4("www.secure.test"))).isEqualTo("bogus");
        }
    }

    /** A server between us and Knot that changes answers. */
    private interface Change {
        /** What is sent in place of this answer; empty for silence. */
        Optional<Message> change(Message answer);
    }

    private static FakeDnsServer attacker(Change change) throws IOException {
        SimpleResolver knot = new SimpleResolver(zones.orElseThrow().address());
        return new FakeDnsServer((query, _) -> change.change(knot.send(query)));
    }

    private static Resolver through(FakeDnsServer attacker) {
        SignedZones those = zones.orElseThrow();
        return new DnsjavaResolver(
                new DnsConfig(
                        List.of(attacker.address()),
                        Duration.ofMillis(500),
                        1,
                        100,
                        100_000,
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Dnssec.VALIDATE,
                        Optional.of(those.anchors())),
                InstantSource.system());
    }

    private static boolean isForKeys(Message answer) {
        int type = answer.getQuestion().getType();
        return type == Type.DS || type == Type.DNSKEY;
    }

    private static Message emptied(Message answer, int code) {
        answer.removeAllRecords(Section.ANSWER);
        answer.removeAllRecords(Section.AUTHORITY);
        answer.getHeader().setRcode(code);
        return answer;
    }

    /** Otherwise whoever drops the messages with the keys makes a domain's DANE go away. */
    @Test
    void aForgedDenialIsNoInsecureAnswerWhenTheKeysCannotBeHad() throws IOException {
        for (int code : new int[] {Rcode.NOERROR, Rcode.NXDOMAIN}) {
            try (FakeDnsServer attacker =
                    attacker(answer -> isForKeys(answer) ? Optional.empty() : Optional.of(emptied(answer, code)))) {
                assertThat(through(attacker).tlsa("_25._tcp.mx.secure.test"))
                        .isInstanceOfSatisfying(
                                Answer.Failure.class,
                                failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT));
            }
        }
    }

    @Test
    void anEmptyAnswerIsBogusInASignedZoneAndInsecureElsewhere() throws IOException {
        try (FakeDnsServer attacker =
                attacker(answer -> Optional.of(isForKeys(answer) ? answer : emptied(answer, Rcode.NOERROR)))) {
            Resolver through = through(attacker);
            assertThat(state(through.tlsa("_25._tcp.mx.secure.test"))).isEqualTo("bogus");
            assertThat(state(through.tlsa("_25._tcp.mx.insecure.test"))).isEqualTo("insecure");
        }
    }

    @Test
    void aDenialTakenFromAnotherNameIsBogus() throws IOException {
        SimpleResolver knot = new SimpleResolver(zones.orElseThrow().address());
        try (FakeDnsServer attacker = new FakeDnsServer((query, _) -> {
            Message reply = knot.send(query);
            if (query.getQuestion().getType() != Type.TLSA) {
                return Optional.of(reply);
            }
            Message other = Message.newQuery(
                    Record.newRecord(Name.fromString("_25._tcp.www.secure.test."), Type.TLSA, DClass.IN));
            knot.setEDNS(0, 1232, ExtendedFlags.DO);
            Message denial = knot.send(other);
            Message forged = emptied(reply, denial.getRcode());
            denial.getSection(Section.AUTHORITY).forEach(record -> forged.addRecord(record, Section.AUTHORITY));
            return Optional.of(forged);
        })) {
            assertThat(state(through(attacker).tlsa("_25._tcp.mx.secure.test"))).isEqualTo("bogus");
        }
    }

    @Test
    void anAnswerWithSignaturesOfManyZonesIsNotWorkedOn() throws IOException {
        AtomicInteger questions = new AtomicInteger();
        try (FakeDnsServer attacker = attacker(answer -> {
            questions.incrementAndGet();
            for (int i = 0; i <= Validator.MAX_SIGNERS; i++) {
                answer.addRecord(signature("z" + i + ".test."), Section.AUTHORITY);
            }
            return Optional.of(answer);
        })) {
            assertThat(through(attacker).ipv4("www.secure.test"))
                    .isInstanceOfSatisfying(
                            Answer.Failure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.MALFORMED));
            assertThat(questions).hasValue(1);
        }
    }

    private static Record signature(String signer) {
        try {
            return Record.fromString(
                    Name.fromString("www.secure.test."),
                    Type.RRSIG,
                    DClass.IN,
                    60,
                    "A 13 3 60 20900101000000 20200101000000 1 " + signer + " AAAA",
                    Name.root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aQuestionHasOnlySoManyMessages() throws IOException {
        Message query = Message.newQuery(Record.newRecord(Name.root, Type.DNSKEY, DClass.IN));
        Validation validation = new Validation(query);
        assertThat(validation.begins(query)).isTrue();
        for (int i = 1; i < Validation.MAX_MESSAGES; i++) {
            assertThat(validation.begins(query)).isFalse();
        }
        assertThatThrownBy(() -> validation.begins(query)).isInstanceOf(LookUpException.class);
    }
}
