package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.testing.Keys;

class KeyRecordTest {
    private static String base64(byte[] key) {
        return Base64.getEncoder().encodeToString(key);
    }

    @Test
    void readsRsaKeysWithAndWithoutTheirWrapping() {
        byte[] info = Keys.RSA.getPublic().getEncoded();
        // The RSAPublicKey is what remains of a SubjectPublicKeyInfo of 2,048 bits behind its first 24 octets.
        for (byte[] key : new byte[][] {info, Arrays.copyOfRange(info, 24, info.length)}) {
            KeyRecord record = KeyRecord.parse("p=" + base64(key));
            assertThat(record.key().orElseThrow().key()).isEqualTo(Keys.RSA.getPublic());
            assertThat(record.bits()).isEqualTo(2048);
        }
    }

    @Test
    void readsEd25519KeysWithAndWithoutTheirWrapping() {
        byte[] info = Keys.ED25519.getPublic().getEncoded();
        for (byte[] key : new byte[][] {info, Arrays.copyOfRange(info, info.length - 32, info.length)}) {
            assertThat(KeyRecord.parse("v=DKIM1; k=ed25519; p=" + base64(key))
                            .key()
                            .orElseThrow()
                            .key())
                    .isEqualTo(Keys.ED25519.getPublic());
        }
    }

    @Test
    void readsWhatElseARecordSays() {
        KeyRecord record = KeyRecord.parse("v=DKIM1; n=for people; h=sha1:sha256; s=email:*; t=y : s; p= "
                + base64(Keys.RSA.getPublic().getEncoded()) + " ;");
        assertThat(record.hashes()).containsExactly("sha1", "sha256");
        assertThat(record.services()).containsExactly("email", "*");
        assertThat(record.testing()).isTrue();
        assertThat(record.strict()).isTrue();
        assertThat(KeyRecord.parse("v=DKIM1; p=").key()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=DKIM1",
                "p=AAAA; v=DKIM1",
                "v=DKIM2; p=AAAA",
                "p=AAAA",
                "p=!",
                "k=dsa; p=AAAA",
                "k=ed25519; p=AAAA",
                "p=AAAA; p=AAAA"
            })
    void refusesWhatIsNoKeyRecord(String text) {
        assertThatThrownBy(() -> KeyRecord.parse(text)).isInstanceOf(DkimSyntaxException.class);
    }

    @Test
    void refusesStructuresThatLieInEachOtherWithoutEnd() {
        byte[] nested = new byte[12_000];
        for (int i = 0; i < nested.length; i += 2) {
            nested[i] = 0x30;
            nested[i + 1] = (byte) 0x80;
        }
        assertThatThrownBy(() -> KeyRecord.parse("p=" + base64(nested))).isInstanceOf(DkimSyntaxException.class);
    }
}
