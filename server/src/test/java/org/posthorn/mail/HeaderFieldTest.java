package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeaderFieldTest {
    @Test
    void hasANameAndAValue() {
        HeaderField field = new HeaderField("List-Id \t: a:b\r\n\tc ");
        assertThat(field.name()).isEqualTo("List-Id");
        assertThat(field.lowerName()).isEqualTo("list-id");
        assertThat(field.value()).isEqualTo(" a:b\r\n\tc ");
        assertThat(field.unfolded()).isEqualTo("a:b\tc");
        assertThat(field.is("LIST-ID")).isTrue();
        assertThat(field.is("List")).isFalse();
        assertThat(field.is("List-Id2")).isFalse();
        assertThat(HeaderField.of("A", "b")).isEqualTo(new HeaderField("A: b"));
    }

    @Test
    void withoutColonItIsAllName() {
        HeaderField field = new HeaderField("no field ");
        assertThat(field.name()).isEqualTo("no field");
        assertThat(field.value()).isEmpty();
        assertThat(new HeaderField(": x").name()).isEmpty();
        assertThat(new HeaderField(" : x").name()).isEmpty();
        assertThat(new HeaderField("x:").value()).isEmpty();
    }

    @Test
    void knowsTheFieldsOfLists() {
        for (String name : List.of("list-id", "List-Post", "Mailing-List")) {
            assertThat(HeaderField.of(name, "x").isOfList()).isTrue();
        }
        assertThat(HeaderField.of("List-Help", "x").isOfList()).isFalse();
    }

    @Test
    void anEnvelopeIsMarkedAndKeepsTheRest() {
        Envelope plain =
                new Envelope(Optional.of(Address.parse("a@b.test")), List.of(Address.parse("c@d.test")), true, true);
        assertThat(plain.quarantined()).isFalse();
        assertThat(plain.senderUnproven()).isFalse();
        assertThat(plain.quarantine().doubtSender())
                .isEqualTo(new Envelope(
                        plain.sender(), plain.recipients(), true, true, true, true, Envelope.Notification.UNASKED));
        assertThat(plain.doubtSender().quarantined()).isFalse();
    }
}
