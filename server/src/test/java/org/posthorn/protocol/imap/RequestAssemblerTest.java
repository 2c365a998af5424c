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

    @Test
    void literalsOf65536OctetsTogetherAreTaken() {
        assertThat(new RequestAssembler().line("a LOGIN {65537}"))
                .isEqualTo(new Step.TooLarge("a LOGIN {65537}", 65_537, false));
        assertThat(new RequestAssembler().line("a LOGIN {65537+}"))
                .isEqualTo(new Step.TooLarge("a LOGIN {65537+}", 65_537, true));
        assertThat(assembler.line("a LOGIN {65000}")).isEqualTo(new Step.Literal(65_000, false));
        assembler.literal("x".repeat(65_000));
        assertThat(assembler.line(" {536}")).isEqualTo(new Step.Literal(536, false));
        assembler.literal("x".repeat(536));
        assertThat(assembler.line(" {0}")).isEqualTo(new Step.Literal(0, false));
        assertThat(RequestAssembler.MAX_LINE).isEqualTo(65_536);
    }

    @Test
    void aSizeHasOneToTenDigits() {
        assertThat(assembler.line("a SELECT {1234567890}")).isInstanceOf(Step.TooLarge.class);
        for (String line : new String[] {
            "a SELECT {12345678901}", "a SELECT {+}", "a SELECT {1/}", "a SELECT {1:}", "a SELECT {-1}", "+}", "}+"
        }) {
            assertThat(assembler.line(line)).as(line).isEqualTo(new Step.Complete(line));
        }
        assertThat(assembler.line("{5}")).isEqualTo(new Step.Literal(5, false));
    }

    @Test
    void onlyTheMessageOfAppendGoesPast() {
        assertThat(new RequestAssembler().line("a APPENDX x {70000}")).isInstanceOf(Step.TooLarge.class);
        assertThat(new RequestAssembler().line("APPEND x {70000}")).isInstanceOf(Step.TooLarge.class);
        assertThat(new RequestAssembler().line("a APPEND {70000}")).isInstanceOf(Step.TooLarge.class);
        assertThat(new RequestAssembler().line("a XAPPEND x {70000}")).isInstanceOf(Step.TooLarge.class);
        assertThat(new RequestAssembler().line("a APPEND x {70000}"))
                .isEqualTo(new Step.Message("a APPEND x {70000}", 70_000, false));
    }

    @Test
    void tagsHave200OctetsAndVerbs20() {
        String tag = "a".repeat(200);
        assertThat(RequestAssembler.tagOf(tag + " NOOP")).isEqualTo(tag);
        assertThat(RequestAssembler.tagOf(tag)).isEqualTo(tag);
        assertThat(RequestAssembler.tagOf(tag + "a NOOP")).isEqualTo("*");
        assertThat(RequestAssembler.tagOf("a(b NOOP")).isEqualTo("*");
        assertThat(RequestAssembler.verbOf("a1 " + "x".repeat(30))).isEqualTo("X".repeat(20));
        assertThat(RequestAssembler.verbOf("a1 ")).isEmpty();
        assertThat(RequestAssembler.verbOf(" noop(")).isEqualTo("NOOP");
        assertThat(RequestAssembler.verbOf("")).isEmpty();
    }
}
