package org.posthorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {
    @TempDir
    Path dir;

    @Test
    void namesADirectoryThatIsMissing() throws Exception {
        Path database = dir.resolve("directory.db");
        assertThat(Health.directory(database)).singleElement().asString().contains("directory.db is missing");
        Files.createFile(database);
        assertThat(Health.directory(database)).isEmpty();
    }

    @Test
    void namesMailboxesThatCannotBeWritten() throws Exception {
        Path mail = dir.resolve("mail");
        assertThat(Health.mailboxes(mail)).as("nobody has mail yet").isEmpty();
        Files.createDirectory(mail);
        assertThat(Health.mailboxes(mail)).isEmpty();
        assertThat(mail).isEmptyDirectory();
        Path file = Files.createFile(dir.resolve("file"));
        assertThat(Health.mailboxes(file))
                .singleElement()
                .asString()
                .contains("mailboxes cannot be written in " + file + ": Not a directory");
    }

    @Test
    void namesADiskThatTakesNothing() {
        Path full = Path.of("/proc");
        assumeTrue(Files.isDirectory(full));
        assertThat(Health.mailboxes(full)).as("nobody can write there").hasSize(1);
    }
}
