package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {
    /** As the system says it for files, and SQLite for the index. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mail/x: No space left on device",
                "Disk quota exceeded",
                "[SQLITE_FULL] Insertion failed because database or disk is full"
            })
    void aFullDiskIsOverQuota(String text) {
        IOException cause = new IOException("index not written", new IOException(text));
        assertThat(Reply.failed(cause, "Internal error").line("a1")).isEqualTo("a1 NO [OVERQUOTA] No room on the disk");
    }

    @Test
    void otherFailuresAreBugs() {
        assertThat(Reply.failed(new IOException("Input/output error"), "Internal error")
                        .line("a1"))
                .isEqualTo("a1 NO [SERVERBUG] Internal error");
    }
}
