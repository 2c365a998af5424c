package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.WatchedFiles;

/** Another program delivers, reads and removes while we look: what was listed a moment ago may be gone, which is no fault. */
class VanishedFilesTest {
    private static final String NAME = "1.QABC.mx,S=100,W=100";
    private static final long LATER = System.currentTimeMillis() + TimeUnit.HOURS.toMillis(48);

    @TempDir
    Path directory;

    private FolderFiles files;

    /** Each look at the message is followed by the other program's move. */
    @BeforeEach
    void watch() throws IOException {
        WatchedFiles watched = new WatchedFiles(directory);
        files = FolderFiles.of(watched.root());
        files.create();
        watched.onLooked(path -> {
            try {
                if (path.endsWith(NAME)) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void put(String place) throws IOException {
        Files.writeString(directory.resolve(place).resolve(NAME), "short");
    }

    @Test
    void aDeliveryOfAnotherProgramEndsWhileTmpIsTidied() throws Exception {
        put("tmp");
        Files.writeString(directory.resolve("tmp/2.abandoned"), "text");
        assertThatCode(() -> files.tidyTmp(LATER)).doesNotThrowAnyException();
        assertThat(directory.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void aMessageIsRemovedWhileTornOnesAreLookedFor() throws Exception {
        put("new");
        assertThatCode(files::removeTorn).doesNotThrowAnyException();
    }

    @Test
    void aMessageThatWasReadMeanwhileWasDelivered() throws Exception {
        put("new");
        assertThat(files.hasWhole(FileName.parse(NAME).key())).isTrue();
    }
}
