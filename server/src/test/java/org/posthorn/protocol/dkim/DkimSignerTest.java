package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;

class DkimSignerTest {
    private static final Domain DOMAIN = Domain.parse("posthorn.test");
    private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000L);
    private static final KeyPair RSA = DkimKeyRecord.generate(DkimAlgorithm.RSA_SHA256);
    private static final KeyPair ED25519 = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
    private static final Map<String, String> RECORDS = Map.of(
            "r1._domainkey.posthorn.test", DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, RSA.getPublic()),
            "e1._domainkey.posthorn.test", DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, ED25519.getPublic()));
    private static final String MESSAGE = """
            From: "Alice" <alice@posthorn.test>
            To: bob@example.org,
            \tcarol@example.org
            Subject:  two   spaces\tand a tab\s
            Date: Mon, 23 Nov 2026 20:00:00 +0000
            Message-ID: <1@posthorn.test>
            List-Id: <list.posthorn.test>
            X-Mailer: none

            Hello,\s\s
            \tworld


            """.replace("\n", "\r\n");

    private final DkimSigner signer = new DkimSigner(
            DOMAIN, List.of(new DkimKey("r1", RSA.getPrivate()), new DkimKey("e1", ED25519.getPrivate())));

    @Test
    void signsWithAllKeys() throws Exception {
        assertThat(PlainVerifier.verify(signed(MESSAGE), RECORDS)).containsExactly("pass", "pass");
    }

    @Test
    void survivesWhatRelaxedFormAllows() throws Exception {
        String relayed = signed(MESSAGE)
                .replace("Subject:  two   spaces", "SUBJECT : two spaces")
                .replace("To: bob@example.org,\r\n\t", "To: bob@example.org, ")
                .replace("\tworld\r\n\r\n\r\n", " world\r\n")
                .replace("X-Mailer: none", "X-Mailer: other");
        assertThat(PlainVerifier.verify(relayed, RECORDS)).containsExactly("pass", "pass");
    }

    @Test
    void detectsChangedBodyAndHeader() throws Exception {
        assertThat(PlainVerifier.verify(signed(MESSAGE).replace("world", "World"), RECORDS))
                .containsExactly("body hash differs", "body hash differs");
        assertThat(PlainVerifier.verify(signed(MESSAGE).replace("two ", "too "), RECORDS))
                .containsExactly("signature differs", "signature differs");
        assertThat(PlainVerifier.verify(signed(MESSAGE).replace("list.posthorn", "lost.posthorn"), RECORDS))
                .containsExactly("signature differs", "signature differs");
    }

    @Test
    void letsNobodyAddFieldsThatReadersSee() throws Exception {
        for (String name : List.of("From", "To", "Cc", "Subject", "Reply-To", "Date", "Content-Type")) {
            assertThat(PlainVerifier.verify(name + ": added\r\n" + signed(MESSAGE), RECORDS))
                    .as(name)
                    .containsExactly("signature differs", "signature differs");
            assertThat(PlainVerifier.verify(
                            signed(MESSAGE).replace("X-Mailer:", name + ": added\r\nX-Mailer:"), RECORDS))
                    .as(name)
                    .containsExactly("signature differs", "signature differs");
        }
        assertThat(PlainVerifier.verify("List-Post: NO\r\nReceived: x\r\n" + signed(MESSAGE), RECORDS))
                .containsExactly("pass", "pass");
    }

    @Test
    void writesLinesOfModestLength() {
        String field = signer.sign(scan(MESSAGE), "x".repeat(44), NOW);
        assertThat(field.split("\r\n", -1)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(78));
        assertThat(field)
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=posthorn.test; s=r1;\r\n"
                        + "\tt=1790000000;\r\n\th=From:To:")
                .contains(" a=ed25519-sha256; ", ":From:")
                .endsWith("\r\n");
    }

    @Test
    void jdkAndLibcryptoGiveTheSameSignatures() {
        assertThat(LibCrypto.loaded()).as("libcrypto.so.3 on this machine").isPresent();
        Random random = new Random(8463);
        for (KeyPair pair : List.of(RSA, ED25519)) {
            DkimKey ours = new DkimKey("s", pair.getPrivate());
            DkimKey jdk = new DkimKey("s", pair.getPrivate(), Optional.empty());
            assertThat(ours.isNative()).isTrue();
            assertThat(jdk.isNative()).isFalse();
            for (int i = 0; i < 20; i++) {
                byte[] text = new byte[random.nextInt(5000)];
                random.nextBytes(text);
                String input = new String(text, StandardCharsets.ISO_8859_1);
                assertThat(ours.sign(input)).isEqualTo(jdk.sign(input));
            }
        }
    }

    @Test
    void signsOnManyThreadsWithKeysThatComeAndGo() throws Exception {
        List<Thread> threads = new java.util.ArrayList<>();
        java.util.Queue<String> results = new java.util.concurrent.ConcurrentLinkedQueue<>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 50; i++) {
                    results.add(new DkimKey("e1", ED25519.getPrivate()).sign("text"));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(results).hasSize(400);
        assertThat(java.util.Set.copyOf(results)).hasSize(1);
    }

    @Test
    void refusesKeysThatDkimDoesNotKnow() throws Exception {
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        assertThatThrownBy(() -> new DkimKey("s", ec.generateKeyPair().getPrivate()))
                .isInstanceOf(IllegalArgumentException.class);
        KeyPairGenerator ed448 = KeyPairGenerator.getInstance("Ed448");
        assertThatThrownBy(() -> new DkimKey("s", ed448.generateKeyPair().getPrivate()))
                .isInstanceOf(IllegalArgumentException.class);
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(512);
        assertThatThrownBy(() -> new DkimKey("s", rsa.generateKeyPair().getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a;d=other.example", "a\r\nX: y", "a..b", ".a", "a.b.c.d.e"})
    void refusesWhatIsNoSelector(String text) {
        assertThatThrownBy(() -> new DkimKey(text, ED25519.getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a selector");
    }

    @Test
    void publishesKeys() {
        assertThat(DkimKeyRecord.name("r1", DOMAIN)).isEqualTo("r1._domainkey.posthorn.test");
        assertThat(RECORDS.get("r1._domainkey.posthorn.test")).startsWith("v=DKIM1; k=rsa; p=MIIBIjANBgkqh");
        assertThat(RECORDS.get("e1._domainkey.posthorn.test")).matches("v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=");
        assertThat(DkimKeyRecord.publicKey(RSA.getPrivate())).contains(RSA.getPublic());
        assertThat(DkimKeyRecord.publicKey(ED25519.getPrivate())).contains(ED25519.getPublic());
    }

    private String signed(String message) {
        int split = message.indexOf("\r\n\r\n") + 4;
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        byte[] body = message.substring(split).getBytes(StandardCharsets.ISO_8859_1);
        hash.update(body, 0, body.length);
        return signer.sign(scan(message), hash.finish(), NOW) + message;
    }

    private static List<HeaderField> scan(String message) {
        HeaderScanner scanner = new HeaderScanner(1 << 16);
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        scanner.feed(bytes, 0, bytes.length);
        return scanner.scanned().fields();
    }
}
