package org.posthorn.mail.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mail.HeaderAddress;

/** What the texts of a structure weigh: 32 octets each, 128 an address, and their characters. */
class TextAllowanceTest {
    private static final int ALL = 524_288;

    /** An allowance of which so much is left. */
    private static TextAllowance left(int octets) {
        TextAllowance allowance = new TextAllowance();
        assertThat(allowance.keep(Optional.of("x".repeat(ALL - 32 - octets)))).isPresent();
        return allowance;
    }

    private static boolean isUsedUp(TextAllowance allowance) {
        return allowance.keep(Optional.of("")).isEmpty();
    }

    @Test
    void keepsWhatWasDocumented() {
        assertThat(new TextAllowance().keep(Optional.of("x".repeat(ALL - 32)))).isPresent();
        assertThat(new TextAllowance().keep(Optional.of("x".repeat(ALL - 31)))).isEmpty();
        assertThat(isUsedUp(left(0))).isTrue();
        assertThat(isUsedUp(left(32))).isFalse();
    }

    @Test
    void weighsEachPartOfAnAddress() {
        List<HeaderAddress> one =
                List.of(new HeaderAddress.Mailbox(Optional.of("name"), Optional.of("@route"), "local", "domain.test"));
        int weight = 128 + 4 + 6 + 5 + 11;
        TextAllowance enough = left(weight);
        assertThat(enough.keep(one)).isEqualTo(one);
        assertThat(isUsedUp(enough)).isTrue();
        assertThat(left(weight - 1).keep(one)).isEmpty();
    }

    @Test
    void weighsEachParameter() {
        ContentType type = new ContentType("text", "html", new ParameterList(List.of(new Parameter("name", "value"))));
        int weight = 32 + 4 + 32 + 4 + 64 + 4 + 5;
        TextAllowance enough = left(weight);
        assertThat(enough.keep(type)).isEqualTo(type);
        assertThat(isUsedUp(enough)).isTrue();
        assertThat(left(weight - 1).keep(type)).isEqualTo(new ContentType("text", "html", ParameterList.NONE));
    }

    @Test
    void theCommonestTypesWeighNothing() {
        TextAllowance allowance = new TextAllowance();
        assertThat(allowance.keep(ContentType.TEXT)).isSameAs(ContentType.TEXT);
        assertThat(allowance.keep(ContentType.OPAQUE)).isSameAs(ContentType.OPAQUE);
        assertThat(allowance.keep(Optional.of("x".repeat(ALL - 32)))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/related", "message/global", "text/x", "message/partial", "image/x"})
    void aTypeThatDoesNotFitKeepsWhatItMeansForItsParts(String name) {
        ContentType kept = left(0).keep(ContentType.parse(name).orElseThrow());
        assertThat(kept)
                .isEqualTo(
                        switch (name) {
                            case "multipart/related" -> ContentType.MIXED;
                            case "message/global" -> ContentType.MESSAGE;
                            case "text/x" -> ContentType.TEXT;
                            default -> ContentType.OPAQUE;
                        });
    }
}
