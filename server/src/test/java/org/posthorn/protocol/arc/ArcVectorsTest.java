package org.posthorn.protocol.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Json;

/** ValiMail's suite: 81 chains to validate, 5 messages to seal. */
class ArcVectorsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");

    /**
     * The suite is of draft 18 and leaves the status open where the newest seal says cv=fail; RFC 8617 5.2 step 2 says that the
     * status is then "fail".
     */
    private static final Map<String, String> BY_THE_RFC = Map.of("cv_fail_i2_as2_fail", "fail");

    private static List<Object> scenarios(String file) throws IOException {
        return Json.array(
                Json.read(Files.readString(Conformance.require("arc-valimail").resolve(file))));
    }

    private static ZoneResolver dns(Map<String, Object> scenario) {
        ZoneResolver dns = new ZoneResolver();
        Json.object(scenario.get("txt-records")).forEach((name, text) -> dns.withTxt(name, (String) text));
        return dns;
    }

    private static String text(Map<String, Object> test, String key) {
        return Optional.ofNullable(test.get(key)).map(Object::toString).orElse("");
    }

    @TestFactory
    Stream<DynamicTest> validates() throws IOException {
        return scenarios("arc-validation.json").stream()
                .map(Json::object)
                .flatMap(scenario -> Json.object(scenario.get("tests")).entrySet().stream()
                        .map(test -> DynamicTest.dynamicTest(
                                test.getKey(),
                                () -> validate(test.getKey(), Json.object(test.getValue()), dns(scenario)))));
    }

    private static void validate(String name, Map<String, Object> test, ZoneResolver dns) {
        String given = text(test, "cv").isEmpty() ? "none" : text(test, "cv").toLowerCase(java.util.Locale.ROOT);
        ArcVerdict verdict = ArcMessage.of(text(test, "message")).verify(dns, NOW);
        assertThat(verdict.result().text())
                .as(text(test, "description") + ": " + verdict.reason())
                .isEqualTo(BY_THE_RFC.getOrDefault(name, given));
    }

    @TestFactory
    Stream<DynamicTest> seals() throws IOException {
        return scenarios("arc-sign.json").stream()
                .map(Json::object)
                .flatMap(scenario -> Json.object(scenario.get("tests")).entrySet().stream()
                        .map(test -> DynamicTest.dynamicTest(
                                test.getKey(), () -> seal(Json.object(test.getValue()), scenario))));
    }

    /** The b= depend on the order in which a sealer writes its tags; all other tags must be as expected, and the chain must hold. */
    private static void seal(Map<String, Object> test, Map<String, Object> scenario) throws Exception {
        ZoneResolver dns = dns(scenario);
        ArcMessage message = ArcMessage.of(text(test, "message"));
        ArcVerdict before = message.verify(dns, NOW);
        ArcSealer sealer = new ArcSealer(
                Domain.parse(text(scenario, "domain")),
                new DkimKey(text(scenario, "sel"), privateKey(text(scenario, "privatekey"))),
                Arrays.asList(text(test, "sig-headers").split(":")));
        String results = message.fields().stream()
                .filter(field -> field.is("Authentication-Results"))
                .findFirst()
                .orElseThrow()
                .value();
        Optional<String> sealed = sealer.seal(
                message.fields(), before, results, message.bodyHash(), Instant.ofEpochSecond((Long) test.get("t")));
        if (text(test, "AS").isEmpty()) {
            assertThat(sealed).isEmpty();
            return;
        }
        List<HeaderField> added = ArcMessage.of(sealed.orElseThrow() + "\r\n").fields();
        assertThat(added)
                .extracting(HeaderField::name)
                .containsExactly(ArcField.SEAL, ArcField.SIGNATURE, ArcField.RESULTS);
        assertThat(tags(added.get(0).value())).isEqualTo(tags(text(test, "AS")));
        assertThat(tags(added.get(1).value())).isEqualTo(tags(text(test, "AMS")));
        assertThat(added.get(2).value().replaceAll("\\s+", ""))
                .isEqualTo(text(test, "AAR").replaceAll("\\s+", ""));
        assertThat(ArcMessage.of(sealed.get() + text(test, "message"))
                        .verify(dns, NOW)
                        .result())
                .isEqualTo(before.result() == ArcResult.FAIL ? ArcResult.FAIL : ArcResult.PASS);
    }

    private static Set<String> tags(String value) {
        Set<String> tags = new TreeSet<>();
        for (String tag : value.replaceAll("\\s+", "").split(";", -1)) {
            if (!tag.startsWith("b=")) {
                tags.add(tag);
            }
        }
        return tags;
    }

    private static PrivateKey privateKey(String pem) throws Exception {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            PEMKeyPair pair = (PEMKeyPair) parser.readObject();
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(pair.getPrivateKeyInfo().getEncoded()));
        }
    }
}
