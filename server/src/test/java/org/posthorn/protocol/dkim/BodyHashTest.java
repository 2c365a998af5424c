package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodyHashTest {
    /** RFC 6376 3.4.3 and 3.4.4 give these hashes of the empty body. */
    @Test
    void hashesEmptyBody() {
        assertThat(new BodyHash(Canonicalization.SIMPLE).finish())
                .isEqualTo("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
        assertThat(new BodyHash(Canonicalization.RELAXED).finish())
                .isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    @Test
    void countsNoMoreThanItsLimit() {
        BodyHash whole = new BodyHash(Canonicalization.SIMPLE);
        update(whole, "one\r\n");
        BodyHash limited = new BodyHash(Canonicalization.SIMPLE, 5);
        update(limited, "one\r\ntwo\r\n");
        assertThat(limited.finish()).isEqualTo(whole.finish());
        assertThat(limited.canonicalLength()).isEqualTo(10);
    }

    private static void update(BodyHash hash, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        hash.update(bytes, 0, bytes.length);
    }
}
