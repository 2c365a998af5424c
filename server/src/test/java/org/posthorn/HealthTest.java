package org.posthorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Domain;

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
    void saysThatThereIsNoDomain() {
        assertThat(Health.domains(List.of()))
                .singleElement()
                .asString()
                .startsWith("there is no domain: mail is answered with 451");
        assertThat(Health.domains(List.of(Domain.parse("posthorn.test")))).isEmpty();
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
