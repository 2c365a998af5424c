package org.posthorn.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.intake.IncomingMessage.Verdict;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.testing.MemorySpool;

class MessageDraftTest {
    private static final Envelope ENVELOPE =
            new Envelope(Optional.empty(), List.of(Address.parse("alice@posthorn.test")), false, false);
    private static final Verdict REFUSED = new Verdict.Rejected(SmtpReply.of(550, "5.7.1", "No"));

    private final MemorySpool spool = new MemorySpool();
    private final StringBuilder seen = new StringBuilder();
    private Optional<Verdict> judgement = Optional.empty();

    private final MessageDraft.Reader reader = new MessageDraft.Reader() {
        @Override
        public Optional<Verdict> header(HeaderScanner.Scanned header) {
            header.fields()
                    .forEach(field -> seen.append('[').append(field.name()).append(']'));
            return judgement;
        }

        @Override
        public void body(byte[] bytes, int offset, int length) {
            seen.append(new String(bytes, offset, length, ISO_8859_1));
        }
    };

    private MessageDraft draft;

    @BeforeEach
    void begin() throws IOException {
        draft = new MessageDraft(spool.begin(), 100, reader);
    }

    private void write(String text, int piece) {
        byte[] octets = text.getBytes(ISO_8859_1);
        for (int at = 0; at < octets.length; at += piece) {
            draft.write(octets, at, Math.min(piece, octets.length - at));
        }
    }

    private String committed(String before) throws IOException {
        draft.commit(ENVELOPE, before.getBytes(ISO_8859_1));
        return spool.committed.getFirst().message();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void headerFirstThenTheBody(int piece) throws Exception {
        write("A: 1\r\nB: \u00e4\r\n 2\r\n\r\none\r\n\r\ntwo\r\n", piece);
        assertThat(draft.end()).isEmpty();
        assertThat(seen).hasToString("[A][B]one\r\n\r\ntwo\r\n");
        assertThat(new String(draft.content().open().readAllBytes(), ISO_8859_1))
                .isEqualTo("A: 1\r\nB: \u00e4\r\n 2\r\n\r\none\r\n\r\ntwo\r\n");
        assertThat(committed("Z: 0\r\n")).isEqualTo("Z: 0\r\nA: 1\r\nB: \u00e4\r\n 2\r\n\r\none\r\n\r\ntwo\r\n");
    }

    /** What a filter decides that has seen the whole message. */
    @Test
    void theHeaderChangesWhileTheBodyIsStoredOnce() throws Exception {
        write("Subject: cheap\r\nB: 2\r\n\r\nbody\r\n", 50);
        assertThat(draft.end()).isEmpty();
        assertThat(new String(draft.header(), ISO_8859_1)).isEqualTo("Subject: cheap\r\nB: 2\r\n\r\n");
        List<HeaderField> changed = new ArrayList<>(draft.fields());
        changed.set(0, HeaderField.of("Subject", "***SPAM*** cheap"));
        changed.add(HeaderField.of("X-Spam", "yes"));
        draft.fields(changed);
        assertThat(committed("")).isEqualTo("Subject: ***SPAM*** cheap\r\nB: 2\r\nX-Spam: yes\r\n\r\nbody\r\n");
        assertThat(spool.written).hasToString("body\r\n");
    }

    @Test
    void aMessageMayBeAllHeader() throws Exception {
        write("A: 1\r\n", 50);
        assertThat(draft.end()).isEmpty();
        assertThat(committed("")).isEqualTo("A: 1\r\n\r\n");
    }

    /** Lines that are no fields begin the body; the empty line stands before them. */
    @Test
    void strayLinesAreBody() throws Exception {
        write("A: 1\r\nno field\r\n\r\nbody\r\n", 50);
        assertThat(draft.end()).isEmpty();
        assertThat(seen).hasToString("[A]no field\r\n\r\nbody\r\n");
        assertThat(committed("")).isEqualTo("A: 1\r\n\r\nno field\r\n\r\nbody\r\n");
    }

    @Test
    void nothingIsKeptOfWhatIsRefusedByItsHeader() throws Exception {
        judgement = Optional.of(REFUSED);
        write("A: 1\r\n\r\nbody\r\n", 50);
        write("more\r\n", 50);
        assertThat(draft.end()).contains(REFUSED);
        assertThat(seen).hasToString("[A]");
        assertThat(spool.written).isEmpty();
    }

    @Test
    void aHeaderOfTheLargestSizeIsTaken() throws Exception {
        write("A: " + "x".repeat(93) + "\r\n\r\nbody", 50);
        assertThat(draft.end()).isEmpty();
        assertThat(seen).hasToString("[A]body");
    }

    @Test
    void aLargerOneIsRefused() throws Exception {
        write("A: " + "x".repeat(94) + "\r\n\r\nbody", 50);
        assertThat(draft.end()).contains(new Verdict.Rejected(SmtpReply.of(552, "5.3.4", "Message header too large")));
        assertThat(seen).isEmpty();
        assertThat(spool.written).isEmpty();
    }

    @Test
    void whatCannotBeStoredIsToldAtTheEnd() {
        spool.trouble = MemorySpool.Trouble.AT_WRITE;
        write("A: 1\r\n\r\nbody\r\n", 50);
        write("more\r\n", 50);
        assertThatThrownBy(draft::end).isInstanceOf(IOException.class).hasMessage("no room");
        assertThat(seen).hasToString("[A]body\r\n");
    }

    @Test
    void closingItDropsTheMessage() {
        write("A: 1\r\n\r\nbody\r\n", 50);
        draft.close();
        assertThat(spool.open).isZero();
        assertThat(spool.committed).isEmpty();
    }
}
