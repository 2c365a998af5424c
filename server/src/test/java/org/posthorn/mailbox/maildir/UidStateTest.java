package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No UID is given twice, nor one that the index has not written down a ceiling for. */
class UidStateTest {
    private static final BootId HERE = new BootId("boot", "run");

    private final List<FolderRow> raised = new ArrayList<>();
    private boolean diskIsIll;
    private final UidState numbers = new UidState(this::raise);

    private void raise() throws IOException {
        if (diskIsIll) {
            throw new IOException("disk is ill");
        }
        raised.add(row());
    }

    private FolderRow row() {
        return numbers.row("", 11, 12, HERE);
    }

    @Test
    void aThousandUidsAreGivenForOneWrite() throws Exception {
        numbers.begin(7, 5, 100);
        assertThat(numbers.takeUids(1)).isEqualTo(5);
        assertThat(numbers.takeUids(1000)).isEqualTo(6);
        assertThat(raised).singleElement().extracting(FolderRow::uidCeiling).isEqualTo(1006L);
        assertThat(numbers.uidNext()).isEqualTo(1006);
        assertThat(numbers.takeUids(2)).isEqualTo(1006);
        assertThat(raised).hasSize(2);
        assertThat(raised.getLast().uidCeiling()).isEqualTo(2008);
    }

    @Test
    void whatCannotBeWrittenDownIsNotGiven() throws Exception {
        numbers.begin(7, 5, 100);
        diskIsIll = true;
        assertThatThrownBy(() -> numbers.takeUids(1)).isInstanceOf(IOException.class);
        assertThat(numbers.uidNext()).isEqualTo(5);
        assertThat(row().uidCeiling()).isEqualTo(5);
        diskIsIll = false;
        assertThat(numbers.takeUids(1)).isEqualTo(5);
        assertThat(raised).hasSize(1);
    }

    /** RFC 3501 2.3.1.1: a UID has 32 bits, also where the ceiling is above that. */
    @Test
    void noUidHasMoreThan32Bits() throws Exception {
        numbers.begin(7, 0xffff_ffffL - 11, 1);
        assertThat(numbers.takeUids(1)).isEqualTo(0xffff_ffffL - 11);
        assertThatThrownBy(() -> numbers.takeUids(11)).hasMessage("no UIDs are left in this mailbox");
        assertThat(numbers.takeUids(10)).isEqualTo(0xffff_ffffL - 10);
        assertThat(numbers.uidNext()).isEqualTo(0xffff_ffffL);
        assertThatThrownBy(() -> numbers.takeUids(1)).hasMessage("no UIDs are left in this mailbox");
        assertThatThrownBy(() -> numbers.atLeast(0xffff_ffffL + 1)).hasMessage("no UIDs are left in this mailbox");
    }

    @Test
    void anotherProgramsNumbersArePassed() throws Exception {
        numbers.begin(7, 5, 1);
        numbers.atLeast(5);
        numbers.atLeast(2);
        assertThat(numbers.uidNext()).isEqualTo(5);
        assertThat(raised).isEmpty();
        numbers.atLeast(6);
        assertThat(numbers.uidNext()).isEqualTo(6);
        assertThat(raised).hasSize(1);
    }

    @Test
    void recentIsClaimedOnce() throws Exception {
        numbers.begin(7, 5, 1);
        assertThat(numbers.recentFrom()).isEqualTo(5);
        assertThat(numbers.claimRecent()).isFalse();
        assertThat(numbers.takeUids(2)).isEqualTo(5);
        assertThat(numbers.claimRecent()).isTrue();
        assertThat(numbers.claimRecent()).isFalse();
        assertThat(numbers.recentFrom()).isEqualTo(7);
    }

    @Test
    void goesOnWhereItWasOrAboveWhatMayHaveBeenGiven() {
        FolderRow row = new FolderRow(7, "", 5, 1000, 8, 3, 4, 11, 12, "boot", "run");
        numbers.resume(row, HERE, 2000);
        assertThat(row()).isEqualTo(row);
        numbers.resume(row, new BootId("boot", "another"), 2000);
        assertThat(numbers.uidNext()).isEqualTo(5);
        assertThat(numbers.modSeq()).isEqualTo(2000);
        numbers.resume(row, new BootId("boot", "another"), 7);
        assertThat(numbers.modSeq()).isEqualTo(8);
        numbers.reached(9);
        numbers.reached(6);
        assertThat(numbers.modSeq()).isEqualTo(9);
        numbers.resume(row, new BootId("another", "another"), 2000);
        assertThat(numbers.uidNext()).isEqualTo(1000);
        assertThat(numbers.uidValidity()).isEqualTo(7);
        assertThat(numbers.recentFrom()).isEqualTo(3);
    }

    @Test
    void aCeilingThatIsLostIsWrittenAgain() throws Exception {
        numbers.begin(7, 5, 100);
        assertThat(numbers.takeUids(1)).isEqualTo(5);
        numbers.lostCeiling();
        assertThat(row().uidCeiling()).isEqualTo(6);
        raised.clear();
        assertThat(numbers.takeUids(1)).isEqualTo(6);
        assertThat(raised).hasSize(1);
    }
}
