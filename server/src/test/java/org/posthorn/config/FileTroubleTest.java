package org.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class FileTroubleTest {
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
