package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the demo lets into its folder, which the start of a server looks at. */
class DemoFolderTest {
    @TempDir
    Path dir;

    private final Program program = (Program)
            Proxy.newProxyInstance(Program.class.getClassLoader(), new Class<?>[] {Program.class}, (_, _, _) -> null);

    @BeforeEach
    void open() throws IOException {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String modesAfterDemo() throws IOException {
        assertThat(PosthornCommand.run(program, "demo", "--dir", dir.toString()))
                .isZero();
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(dir));
    }

    @Test
    void closesAnEmptyOne() throws IOException {
        assertThat(modesAfterDemo()).isEqualTo("rwx------");
    }

    @Test
    void closesThatOfAnEarlierDemo() throws IOException {
        Files.createFile(dir.resolve("posthorn.toml"));
        Files.createDirectory(dir.resolve("mail"));
        assertThat(modesAfterDemo()).isEqualTo("rwx------");
    }

    @Test
    void leavesSomebodyElsesAlone() throws IOException {
        Files.createFile(dir.resolve("letter"));
        assertThat(modesAfterDemo()).isEqualTo("rwxr-xr-x");
    }
}
