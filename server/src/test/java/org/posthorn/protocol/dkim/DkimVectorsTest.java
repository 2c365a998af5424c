package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.testing.Conformance;

/** Bodies of messages that others have signed: our hashes are theirs. */
class DkimVectorsTest {
    @ParameterizedTest
    @CsvSource({
        "james-jdkim/s1024_yahoo.com.eml, true",
        "james-jdkim/FAIL_BADBH_s1024_yahoo.com.eml, false",
        "mailauth-rfc8463/signed.eml, true",
        "mimekit/related.msg, true",
        "mimekit/gmail.msg, true",
        "mail-auth-dkim/003.txt, true",
        "mail-auth-dkim/004.txt, true",
        "mail-auth-arc/002.txt, true"
    })
    void hashesBodiesAsTheirSignersDid(String file, boolean intact) throws Exception {
        byte[] message = message(Conformance.require("dkim").resolve(file));
        HeaderScanner scanner = new HeaderScanner(1 << 20);
        int bodyStart = scanner.feed(message, 0, message.length);
        int seen = 0;
        for (HeaderField field : scanner.scanned().fields()) {
            Map<String, String> tags = PlainVerifier.tags(field.value());
            if (field.is("DKIM-Signature") && tags.getOrDefault("a", "").endsWith("sha256")) {
                boolean relaxed = tags.getOrDefault("c", "simple").endsWith("/relaxed");
                BodyHash hash = new BodyHash(relaxed ? Canonicalization.RELAXED : Canonicalization.SIMPLE);
                hash.update(message, bodyStart, message.length - bodyStart);
                assertThat(hash.finish().equals(tags.get("bh").replaceAll("\\s", "")))
                        .isEqualTo(intact);
                seen++;
            }
        }
        assertThat(seen).isPositive();
    }

    @Test
    void readsTheirKeys() throws Exception {
        Path folder = Conformance.require("dkim");
        for (String file : new String[] {"mailauth-rfc8463/private-rsa.key", "mimekit/example.pem"}) {
            DkimKey key = new DkimKey("s", PrivateKeys.parse(Files.readString(folder.resolve(file))));
            assertThat(key.algorithm()).isEqualTo(DkimAlgorithm.RSA_SHA256);
            assertThat(key.sign("text")).isNotEmpty();
        }
    }

    /** The message in CRLF form; in the files of mail-auth it comes after the DNS records and an empty line. */
    private static byte[] message(Path file) throws Exception {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        String message = file.toString().endsWith(".txt") ? text.substring(text.indexOf("\n\n") + 2) : text;
        return message.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
