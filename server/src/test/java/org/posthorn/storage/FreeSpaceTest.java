package org.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.Eventually;

class FreeSpaceTest {
    @TempDir
    Path directory;

    /** Of a directory that is missing the system tells 0. */
    @Test
    void countsWhatIsAboveTheReserve() {
        FreeSpace none = new FreeSpace(directory.resolve("missing"), 0);
        assertThat(none.free()).isZero();
        assertThat(none.has(0)).isTrue();
        assertThat(none.has(1)).isFalse();
        FreeSpace reserved = new FreeSpace(directory.resolve("missing"), 10);
        assertThat(reserved.has(0)).isFalse();
        assertThat(reserved.has(-10)).isTrue();
        assertThat(reserved.has(-9)).isFalse();
        assertThat(new FreeSpace(directory, 0).has(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void saysWhereThereIsNoRoom() {
        FreeSpace none = new FreeSpace(directory.resolve("missing"), 0);
        assertThatCode(() -> none.require(0)).doesNotThrowAnyException();
        assertThatThrownBy(() -> none.require(1))
                .isInstanceOf(IOException.class)
                .hasMessage("no room on the disk of " + directory.resolve("missing") + ": 0 octets are free");
    }

    @Test
    void looksAgain() throws Exception {
        Path later = directory.resolve("later");
        FreeSpace space = new FreeSpace(later, 0);
        assertThat(space.free()).isZero();
        Files.createDirectory(later);
        Eventually.await(() -> space.free() > 1);
    }
}
