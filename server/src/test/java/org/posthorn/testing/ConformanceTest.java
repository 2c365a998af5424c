package org.posthorn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class ConformanceTest {
    @TempDir
    Path folder;

    @Test
    void looksWhereTheEnvironmentSays() throws IOException {
        Path suite = Files.createDirectory(folder.resolve("scram"));

        Map<String, String> environment = Map.of("POSTHORN_CONFORMANCE", folder.toString());
        assertThat(Conformance.require("scram", environment, folder)).isEqualTo(suite);
    }

    @Test
    void looksBesideTheCheckoutOtherwise() throws IOException {
        Path suite = Files.createDirectories(folder.resolve("shared/conformance/scram"));

        assertThat(Conformance.require("scram", Map.of(), folder.resolve("checkout")))
                .isEqualTo(suite);
    }

    @Test
    void skipsByNameWhereVectorsAreAbsent() {
        assertThatThrownBy(() -> Conformance.require("scram", Map.of(), folder.resolve("checkout")))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("test vectors scram are absent");
    }

    @Test
    void failsInContinuousIntegrationWhereVectorsAreAbsent() {
        assertThatThrownBy(() -> Conformance.require("scram", Map.of("CI", "true"), folder.resolve("checkout")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("test vectors scram are absent");
    }
}
