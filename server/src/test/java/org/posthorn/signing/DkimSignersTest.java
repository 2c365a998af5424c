package org.posthorn.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.PlainVerifier;
import org.posthorn.testing.Keys;
import org.posthorn.testing.RecordedLog;

class DkimSignersTest {
    private static final Domain HERE = Domain.parse("posthorn.test");
    private static final Instant NOW = Instant.parse("2026-11-23T20:00:00Z");
    private static final List<HeaderField> HEADER = List.of(HeaderField.of("From", "a@posthorn.test"));

    @TempDir
    private Path folder;

    private final RecordedLog log = new RecordedLog();
    private final Map<String, String> records = new LinkedHashMap<>();
    private List<DkimKeyFile> files = List.of();
    private final DkimSigners signers = new DkimSigners(_ -> files, log);

    private DkimKeyFile key(String selector, PrivateKey key) throws IOException {
        Path file = folder.resolve(selector + ".pem");
        Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        records.put(DkimKeyRecord.name(selector, HERE), DkimKeyRecord.text(key).orElseThrow());
        return new DkimKeyFile(HERE, selector, file);
    }

    private List<String> verified() throws Exception {
        byte[] body = "Hello\r\n".getBytes(StandardCharsets.US_ASCII);
        String signatures = signers.sign(HERE, HEADER, body, NOW).orElseThrow();
        return PlainVerifier.verify(signatures + HEADER.getFirst().raw() + "\r\n\r\nHello\r\n", records);
    }

    @Test
    void signsWhatWeWriteOurselves() throws Exception {
        assertThat(signers.sign(HERE, HEADER, new byte[0], NOW)).isEmpty();
        files = List.of(key("r", Keys.RSA.getPrivate()), key("e", Keys.ED25519.getPrivate()));
        assertThat(verified()).containsExactly("pass", "pass");
    }

    @Test
    void readsAKeyOnce() throws IOException {
        files = List.of(key("e", Keys.ED25519.getPrivate()));
        var signer = signers.of(HERE).orElseThrow();
        Files.delete(files.getFirst().privateKey());
        assertThat(signers.of(HERE)).containsSame(signer);
        assertThatIOException()
                .isThrownBy(() -> new DkimSigners(_ -> files, log).of(HERE))
                .withMessage("no DKIM key of posthorn.test can be read");
    }

    @Test
    void takesOtherKeysAsSoonAsTheyAreThere() throws Exception {
        files = List.of(key("e", Keys.ED25519.getPrivate()));
        assertThat(verified()).containsExactly("pass");
        files = List.of(files.getFirst(), key("r", Keys.RSA.getPrivate()));
        assertThat(verified()).containsExactly("pass", "pass");
    }

    @Test
    void signsWithWhatCanBeReadAndTriesTheRestAgain() throws Exception {
        files = List.of(key("e", Keys.ED25519.getPrivate()), key("r", Keys.RSA.getPrivate()));
        Path lost = files.getLast().privateKey();
        Files.writeString(lost, "no key");
        assertThat(verified()).containsExactly("pass");
        assertThat(log.lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("submission : dkim-key-unreadable [file, " + lost + "] ");
        key("r", Keys.RSA.getPrivate());
        assertThat(verified()).containsExactly("pass", "pass");
    }
}
