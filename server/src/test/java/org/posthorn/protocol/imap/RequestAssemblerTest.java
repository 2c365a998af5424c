package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthorn.protocol.imap.RequestAssembler.Step;

class RequestAssemblerTest {
    private final RequestAssembler assembler = new RequestAssembler();

    @Test
    void aLineWithoutALiteralIsComplete() {
        assertThat(assembler.line("a NOOP")).isEqualTo(new Step.Complete("a NOOP"));
    }

    @Test
    void literalsAreAskedForOneByOne() {
        assertThat(assembler.line("a LOGIN {3}")).isEqualTo(new Step.Literal(3, false));
        assembler.literal("fr}");
        assertThat(assembler.line(" {4+}")).isEqualTo(new Step.Literal(4, true));
        assembler.literal("pass");
        assertThat(assembler.line("")).isEqualTo(new Step.Complete("a LOGIN {3}\r\nfr} {4+}\r\npass"));
    }

    @Test
    void theMessageOfAppendIsNotAskedForHere() {
        assertThat(assembler.line("a append x (\\Seen) {999999999}"))
                .isEqualTo(new Step.Message("a append x (\\Seen) {999999999}", 999_999_999, false));
    }

    @Test
    void theMailboxOfAppendMayBeALiteral() {
        assertThat(assembler.line("a APPEND {1}")).isEqualTo(new Step.Literal(1, false));
        assembler.literal("x");
        assertThat(assembler.line(" {10+}")).isEqualTo(new Step.Message("a APPEND {1}\r\nx {10+}", 10, true));
    }

    @Test
    void literalsTogetherAreBounded() {
        assertThat(assembler.line("a LOGIN {65536}")).isEqualTo(new Step.Literal(65536, false));
        assembler.literal("x".repeat(65536));
        assertThat(assembler.line(" {1}")).isInstanceOf(Step.TooLarge.class);
    }

    @Test
    void aNumberWithoutBracesIsNoLiteral() {
        assertThat(assembler.line("a SELECT x}")).isInstanceOf(Step.Complete.class);
        assertThat(assembler.line("a SELECT {}")).isInstanceOf(Step.Complete.class);
        assertThat(assembler.line("}")).isInstanceOf(Step.Complete.class);
        assertThat(assembler.line("a SELECT {99999999999999999999}")).isInstanceOf(Step.Complete.class);
    }

    @Test
    void findsTagAndVerbOfWhatCannotBeParsed() {
        assertThat(RequestAssembler.tagOf("a1 FOO")).isEqualTo("a1");
        assertThat(RequestAssembler.tagOf("+ FOO")).isEqualTo("*");
        assertThat(RequestAssembler.tagOf("")).isEqualTo("*");
        assertThat(RequestAssembler.tagOf("a".repeat(500))).isEqualTo("*");
        assertThat(RequestAssembler.verbOf("a1 foo bar")).isEqualTo("FOO");
        assertThat(RequestAssembler.verbOf("a1")).isEmpty();
    }
}
