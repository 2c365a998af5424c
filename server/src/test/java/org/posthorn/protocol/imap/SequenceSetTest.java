package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.protocol.imap.SequenceSet.Range;

class SequenceSetTest {
    /** RFC 3501 section 9: "2,4:7,9,12:* when the mailbox has 15 messages is 2,4,5,6,7,9,12,13,14,15". */
    @Test
    void resolvesTheExampleOfTheRfc() {
        assertThat(SequenceSet.parse("2,4:7,9,12:*").resolve(15))
                .containsExactly(new Range(2, 2), new Range(4, 7), new Range(9, 9), new Range(12, 15));
    }

    /** RFC 3501 section 9: "*:4,5:7 when the mailbox has 10 messages is 10,9,8,7,6,5,4,5,6,7". */
    @Test
    void turnsReversedRangesAndMergesOverlaps() {
        assertThat(SequenceSet.parse("*:4,5:7").resolve(10)).containsExactly(new Range(4, 10));
        assertThat(SequenceSet.parse("7:5,1,2").resolve(10)).containsExactly(new Range(1, 2), new Range(5, 7));
    }

    @Test
    void starBelowTheOtherEndReachesDownToTheLargest() {
        assertThat(SequenceSet.parse("559:*").resolve(100)).containsExactly(new Range(100, 559));
        assertThat(SequenceSet.parse("559:*").contains(100, 100)).isTrue();
        assertThat(SequenceSet.parse("559:*").contains(99, 100)).isFalse();
    }

    @Test
    void starIsNothingInAnEmptyMailbox() {
        assertThat(SequenceSet.parse("1:*").resolve(0)).isEmpty();
        assertThat(SequenceSet.parse("1:*").isWithin(0)).isTrue();
        assertThat(SequenceSet.parse("*").isWithin(0)).isTrue();
        assertThat(SequenceSet.parse("1").isWithin(0)).isFalse();
        assertThat(SequenceSet.parse("3,7").isWithin(5)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "01", "1,", ",1", "1:", ":1", "1:2:3", "4294967296", "99999999999", "**", "1-2"})
    void rejectsWhatIsNoSet(String text) {
        assertThatThrownBy(() -> SequenceSet.parse(text)).isInstanceOf(ImapSyntaxException.class);
    }

    @Test
    void takesTheLargestNumber() {
        assertThat(SequenceSet.parse("4294967295").contains(4294967295L, 1)).isTrue();
    }

    @Test
    void formatsRunsAsRangesInTheGivenOrder() {
        assertThat(SequenceSet.format(List.of(1L, 2L, 3L, 7L, 5L, 6L))).isEqualTo("1:3,7,5:6");
        assertThat(SequenceSet.format(List.of())).isEmpty();
    }

    @Test
    void neighboursMergeAndOthersDoNot() {
        assertThat(SequenceSet.parse("1:3,4").resolve(9)).containsExactly(new Range(1, 4));
        assertThat(SequenceSet.parse("1:3,5").resolve(9)).containsExactly(new Range(1, 3), new Range(5, 5));
        assertThat(SequenceSet.parse("1:9,2:3").resolve(9)).containsExactly(new Range(1, 9));
        assertThat(SequenceSet.parse("*").resolve(9)).containsExactly(new Range(9, 9));
    }

    @Test
    void saysWhetherAllNumbersAreThere() {
        assertThat(SequenceSet.parse("5").isWithin(5)).isTrue();
        assertThat(SequenceSet.parse("6").isWithin(5)).isFalse();
        assertThat(SequenceSet.parse("2:6").isWithin(5)).isFalse();
        assertThat(SequenceSet.parse("2:5,*").isWithin(5)).isTrue();
        assertThat(SequenceSet.parse("6:*").isWithin(5)).isFalse();
        assertThat(SequenceSet.parse("5:*").isWithin(5)).isTrue();
    }

    @Test
    void holdsTheEndsOfItsRanges() {
        SequenceSet set = SequenceSet.parse("3:5,8,*:7");
        assertThat(LongStream.rangeClosed(1, 9).filter(n -> set.contains(n, 8))).containsExactly(3L, 4L, 5L, 7L, 8L);
        assertThat(SequenceSet.parse("1:9")).isEqualTo(SequenceSet.parse("9:1"));
        assertThat(SequenceSet.parse("9,1234567890").isWithin(1_234_567_890)).isTrue();
    }

    @Test
    void formatsTwoNeighboursAsARange() {
        assertThat(SequenceSet.format(List.of(4L))).isEqualTo("4");
        assertThat(SequenceSet.format(List.of(4L, 5L))).isEqualTo("4:5");
        assertThat(SequenceSet.format(List.of(5L, 4L))).isEqualTo("5,4");
        assertThat(SequenceSet.format(List.of(4L, 6L))).isEqualTo("4,6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1/", "1;", "/1", ";1", "12345678901", "1:*:", "*1", "1**"})
    void rejectsWhatLooksLikeASet(String text) {
        assertThatThrownBy(() -> SequenceSet.parse(text)).isInstanceOf(ImapSyntaxException.class);
    }
}
