package org.posthorn.zone;

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
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;

class SigningKeysTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @EnumSource
    void findsThePublicHalf(DkimAlgorithm algorithm) throws Exception {
        KeyPair pair = DkimKeyRecord.generate(algorithm);
        Path pem = Files.writeString(dir.resolve("key.pem"), PrivateKeys.write(pair.getPrivate()));
        assertThat(SigningKeys.ofFile("s1", pem))
                .isEqualTo(new DomainFacts.DkimText("s1", DkimKeyRecord.text(algorithm, pair.getPublic())));
    }

    @Test
    void namesAFileThatHoldsNoKey() throws Exception {
        Path pem = Files.writeString(dir.resolve("key.pem"), "nothing");
        assertThatThrownBy(() -> SigningKeys.ofFile("s1", pem))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("key.pem");
        assertThatThrownBy(() -> SigningKeys.ofFile("s1", dir.resolve("absent")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent");
    }
}
