package org.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTest {
    @TempDir
    Path dir;

    @Test
    void saysWhoseTheFileMustBe() throws IOException {
        Path file = Files.createFile(dir.resolve("x.db"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assumeFalse(Files.isWritable(file), "root can write everything");
        assertThatThrownBy(() -> Sqlite.open(file, Sqlite.Durability.FULL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot open " + file)
                .hasMessageContaining("must belong to the user that the server runs as");
    }
}
