package org.posthorn.server.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.milter.MilterCommand;
import org.posthorn.protocol.milter.MilterReply;

/** The header between the MTA's form and the one on the wire. */
class MessageHeaderTest {
    private static MessageHeader header(boolean leadingSpace, String... namesAndValues) {
        MessageHeader header = new MessageHeader(leadingSpace);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            header.add(new MilterCommand.Header(namesAndValues[i], namesAndValues[i + 1]));
        }
        return header;
    }

    private static List<String> raw(MessageHeader header) {
        return header.fields().stream().map(HeaderField::raw).toList();
    }

    @Test
    void givesBackTheSpaceThatTheMtaHasEaten() {
        assertThat(raw(header(false, "A", "1", "B", "\t2", "C", "3\n 4", "D", "5\r\n\t6")))
                .containsExactly("A: 1", "B:\t2", "C: 3\r\n 4", "D: 5\r\n\t6");
        assertThat(raw(header(true, "A", " 1", "B", "2"))).containsExactly("A: 1", "B:2");
        HeaderField field = new HeaderField("X: 1\r\n 2");
        assertThat(header(false).insertion(field)).isEqualTo(new MilterReply.InsertHeader(1, "X", "1\n 2"));
        assertThat(header(true).insertion(field)).isEqualTo(new MilterReply.InsertHeader(1, "X", " 1\n 2"));
        assertThat(header(false).insertion(new HeaderField("X:1")))
                .isEqualTo(new MilterReply.InsertHeader(1, "X", "1"));
    }

    /** Name, value, colon, space and CRLF of each field. */
    @Test
    void has256KiBAtMost() {
        MessageHeader most = header(false, "A", "x".repeat(262_144 - 5));
        assertThat(most.isTooLarge()).isFalse();
        assertThat(most.fields()).hasSize(1);
        MessageHeader more = header(false, "A", "x".repeat(262_144 - 4));
        assertThat(more.isTooLarge()).isTrue();
        assertThat(more.fields()).isEmpty();
        most.add(new MilterCommand.Header("", ""));
        assertThat(most.isTooLarge()).isTrue();
        assertThat(most.fields()).isEmpty();
    }

    @Test
    void has10000FieldsAtMost() {
        MessageHeader header = new MessageHeader(false);
        for (int i = 0; i < 10_000; i++) {
            header.add(new MilterCommand.Header("A", "x"));
        }
        assertThat(header.isTooLarge()).isFalse();
        header.add(new MilterCommand.Header("A", "x"));
        assertThat(header.isTooLarge()).isTrue();
    }

    @Test
    void theAuthorIsTheFirstOfTheOnlyFrom() {
        assertThat(header(false, "from", "a@example.org, b@example.net").author())
                .contains(Domain.parse("example.org"));
        assertThat(header(false, "From", "\u00c3\u00a4@\u00c3\u00a4.example").author())
                .contains(Domain.parse("\u00e4.example"));
        assertThat(header(false, "From", "a@example.org", "From", "a@example.org")
                        .author())
                .isEmpty();
        assertThat(header(false, "From", "nobody").author()).isEmpty();
        assertThat(header(false, "To", "a@example.org").author()).isEmpty();
    }

    /** 16 KiB with its name. */
    @Test
    void aFromIsReadUpTo16KiB() {
        String start = "a@example.org (";
        int room = 16_384 - "From: ".length() - start.length() - 1;
        assertThat(header(false, "From", start + "x".repeat(room) + ")").author())
                .isPresent();
        assertThat(header(false, "From", start + "x".repeat(room + 1) + ")").author())
                .isEmpty();
    }

    @Test
    void removesOurNameAloneAndFromTheLastOn() {
        MessageHeader header = header(
                false,
                "Authentication-Results",
                "mx.posthorn.test; none",
                "Authentication-Results",
                "other.test; none",
                "Subject",
                "x",
                "authentication-results",
                "mx.posthorn.test; spf=pass");
        assertThat(header.removals("mx.posthorn.test"))
                .containsExactly(
                        new MilterReply.ChangeHeader(3, "Authentication-Results", ""),
                        new MilterReply.ChangeHeader(1, "Authentication-Results", ""));
    }
}
