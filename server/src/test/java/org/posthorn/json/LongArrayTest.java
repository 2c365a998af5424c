package org.posthorn.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An object of which one array is not kept. */
class LongArrayTest {
    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void elementsComeOneByOneAndTheRestAtTheEnd() throws IOException {
        List<String> got = new ArrayList<>();
        JsonObject rest = Json.readObject(
                text("{\"a\":[1],\"many\":[{\"x\":1},2,[]],\"total\":3}"), "many", value -> got.add(value.toString()));
        assertThat(got).containsExactly("{\"x\":1}", "2", "[]");
        assertThat(rest).hasToString("{\"a\":[1],\"total\":3}");
    }

    /** 500,000 tokens are the most of a text that is read at once. */
    @Test
    void mayBeOfAnyLength() throws IOException {
        AtomicInteger count = new AtomicInteger();
        Json.readObject(text("{\"many\":[0" + ",1".repeat(600_000) + "]}"), "many", _ -> count.incrementAndGet());
        assertThat(count).hasValue(600_001);
    }

    @Test
    void refusesWhatIsNotWhole() {
        for (String wrong : List.of("[]", "{\"many\":[1,", "{\"many\":[1]", "")) {
            assertThatExceptionOfType(MalformedJsonException.class)
                    .as(wrong)
                    .isThrownBy(() -> Json.readObject(text(wrong), "many", _ -> {}));
        }
    }

    @Test
    void saysThatItCannotBeRead() {
        InputStream broken = new SequenceInputStream(text("{\"many\":[1,"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broke off");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("broke off");
            }
        });
        assertThatIOException()
                .isThrownBy(() -> Json.readObject(broken, "many", _ -> {}))
                .withMessageContaining("broke off");
    }
}
