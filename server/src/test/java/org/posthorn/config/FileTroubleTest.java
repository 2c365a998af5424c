package org.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTroubleTest {
    @Test
    void saysWhatIsInTheWay(@TempDir Path dir) throws IOException {
        Path file = Files.createFile(dir.resolve("data"));
        FileAlreadyExistsException trouble =
                catchThrowableOfType(FileAlreadyExistsException.class, () -> Files.createDirectories(file));
        assertThat(FileTrouble.words(trouble)).isEqualTo(file + ": there is a file of that name");
    }

    @Test
    void saysWhoseFilesTheServersMustBe() {
        String remedy = "; the server's files must belong to the user that it runs as";
        assertThat(FileTrouble.ofServer(new AccessDeniedException("/data/spool")))
                .hasMessage("/data/spool: Permission denied" + remedy);
        assertThat(FileTrouble.ofServer(new FileSystemException("/data/mail", null, "Operation not permitted")))
                .hasMessage("/data/mail: Operation not permitted" + remedy);
        IOException other = new FileSystemException("/data/mail", null, "No space left on device");
        assertThat(FileTrouble.ofServer(other)).isSameAs(other);
    }
}
