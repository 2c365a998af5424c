package org.posthorn.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;

class DkimKeyFileTest {
    @TempDir
    Path dir;

    private static DkimKeyFile key(Path pem) {
        return new DkimKeyFile(Domain.parse("posthorn.test"), "s1", pem);
    }

    @ParameterizedTest
    @EnumSource
    void findsThePublicHalf(DkimAlgorithm algorithm) throws Exception {
        KeyPair pair = DkimKeyRecord.generate(algorithm);
        Path pem = Files.writeString(dir.resolve("key.pem"), PrivateKeys.write(pair.getPrivate()));
        assertThat(key(pem).record()).isEqualTo(DkimKeyRecord.text(algorithm, pair.getPublic()));
    }

    @Test
    void namesAFileThatHoldsNoKey() throws Exception {
        Path pem = Files.writeString(dir.resolve("key.pem"), "nothing");
        assertThatThrownBy(() -> key(pem).record())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("key.pem");
        assertThatThrownBy(() -> key(dir.resolve("absent")).record())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent");
    }
}
