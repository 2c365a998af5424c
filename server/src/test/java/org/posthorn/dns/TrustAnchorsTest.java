package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustAnchorsTest {
    private static final String DS = " 3600 IN DS 12345 13 2 " + "AB".repeat(32) + "\n";

    @TempDir
    private Path directory;

    private TrustAnchors read(String text) throws IOException {
        return TrustAnchors.of(Files.writeString(directory.resolve("anchors"), text));
    }

    @Test
    void theRootsKeysComeWithTheProgram() {
        assertThat(TrustAnchors.ofRoot().text()).contains("20326 8 2 E06D44B8").contains("38696 8 2 683D2D0A");
    }

    @Test
    void furtherAnchorsStandBesideTheRoots() throws IOException {
        assertThat(read("corp.example." + DS).text()).contains("20326 8 2").contains("corp.example.");
    }

    @Test
    void anOwnRootTakesThePlaceOfTheRealOne() throws IOException {
        assertThat(read("." + DS).text()).contains("12345").doesNotContain("20326");
    }

    @Test
    void refusesWhatIsNoAnchor() {
        assertThatThrownBy(() -> read("a.example. 60 IN A 192.0.2.1\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("; nothing\n")).hasMessageContaining("no DS or DNSKEY");
        assertThatThrownBy(() -> read("$INCLUDE /etc/passwd\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("nonsense\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(";".repeat((int) TrustAnchors.MAX_FILE + 1)))
                .hasMessageContaining("too large");
    }
}
