package org.posthorn.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bounds of what crosses the admin socket. */
class AdminCodecTest {
    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static DataInputStream written(Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writing.to(new DataOutputStream(bytes));
        return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    }

    private static AdminReply passedOn(AdminReply reply) throws IOException {
        return AdminCodec.readReply(written(out -> AdminCodec.writeReply(out, reply)));
    }

    @Test
    void passesRepliesOn() throws IOException {
        AdminReply table =
                new AdminReply(true, "two", List.of("a", "b"), List.of(List.of("1", "\u00e4"), List.of("", "2")));
        assertThat(passedOn(table)).isEqualTo(table);
        assertThat(passedOn(AdminReply.failed("no"))).isEqualTo(AdminReply.failed("no"));
    }

    @Test
    void aRequestHas10000WordsAtMost() throws IOException {
        List<String> most = Collections.nCopies(10_000, "w");
        assertThat(AdminCodec.readRequest(written(out -> AdminCodec.writeRequest(out, most))))
                .isEqualTo(most);
        DataInputStream more = written(out -> AdminCodec.writeRequest(out, Collections.nCopies(10_001, "w")));
        assertThatIOException()
                .isThrownBy(() -> AdminCodec.readRequest(more))
                .withMessage("a count of 10001 on the admin socket; at most 10000 is allowed");
        DataInputStream negative = written(out -> {
            out.writeInt(0x50480001);
            out.writeInt(-1);
        });
        assertThatIOException()
                .isThrownBy(() -> AdminCodec.readRequest(negative))
                .withMessage("a count of -1 on the admin socket; at most 10000 is allowed");
    }

    @Test
    void aReplyHas100000RowsAtMost() throws IOException {
        List<List<String>> most = Collections.nCopies(100_000, List.of());
        assertThat(passedOn(new AdminReply(true, "all", List.of(), most)).message())
                .isEqualTo("all");
        AdminReply more = passedOn(new AdminReply(true, "all", List.of(), Collections.nCopies(100_001, List.of())));
        assertThat(more.rows()).hasSize(100_000);
        assertThat(more.message()).isEqualTo("all; only the first 100000 of 100001 rows are shown");
    }

    @Test
    void aTextHas256KiBAtMost() throws IOException {
        assertThat(passedOn(AdminReply.done("x".repeat(262_145))).message()).hasSize(262_144);
        DataInputStream longer = written(out -> {
            out.writeInt(0x50480001);
            out.writeInt(1);
            out.writeInt(262_145);
            out.write(new byte[262_145]);
        });
        assertThatIOException()
                .isThrownBy(() -> AdminCodec.readRequest(longer))
                .withMessage("a count of 262145 on the admin socket; at most 262144 is allowed");
    }

    @Test
    void anotherVersionIsNotUnderstood() throws IOException {
        DataInputStream other = written(out -> out.writeInt(0x50480002));
        assertThatIOException()
                .isThrownBy(() -> AdminCodec.readReply(other))
                .withMessage("the other end is not a Posthorn of this version");
    }
}
