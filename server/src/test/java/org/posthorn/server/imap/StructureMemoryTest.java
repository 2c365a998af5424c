package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.abuse.CpuTurns;
import org.posthorn.abuse.OverBudgetException;
import org.posthorn.testing.Eventually;

class StructureMemoryTest {
    private static final int MIB = 1024 * 1024;

    private final StructureMemory memory = new StructureMemory(16 * MIB, 0);
    private final CpuTurn turn = CpuTurns.OF_PROCESS.begin("", Duration.ofHours(1), () -> {});

    private StructureMemory.Share take(String account, long octets) {
        return memory.take(account, octets, turn);
    }

    @Test
    void whatIsSmallIsNotCounted() {
        for (int i = 0; i < 10_000; i++) {
            var _ = take("a", 16 * 1024);
        }
        assertThat(memory.used()).isZero();
    }

    @Test
    void oneAccountGetsAHalfAndAllTogetherTheWhole() {
        var _ = take("a", 4 * MIB);
        // counted as the most that a structure takes
        StructureMemory.Share second = take("a", 1000L * MIB);
        assertThat(memory.used()).isEqualTo(8 * MIB);
        assertThatThrownBy(() -> take("a", 16 * 1024 + 1)).isInstanceOf(OverBudgetException.class);

        var _ = take("b", 4 * MIB);
        var _ = take("c", 4 * MIB);
        assertThatThrownBy(() -> take("d", 16 * 1024 + 1)).isInstanceOf(OverBudgetException.class);

        second.close();
        second.close();
        assertThat(memory.used()).isEqualTo(12 * MIB);
        var _ = take("d", 4 * MIB);
    }

    @Test
    void givesBackWhatWasNotNeeded() {
        StructureMemory.Share share = take("a", 4 * MIB);
        share.shrinkTo(MIB);
        assertThat(memory.used()).isEqualTo(MIB);
        share.shrinkTo(1000);
        assertThat(memory.used()).isZero();
    }

    @Test
    void whatIsLeftOfAShareCounts() {
        StructureMemory.Share first = take("a", 4 * MIB);
        var _ = take("a", 4 * MIB);
        first.shrinkTo(2 * MIB);
        assertThatThrownBy(() -> take("a", 4 * MIB)).isInstanceOf(OverBudgetException.class);
        var _ = take("a", 2 * MIB);
        assertThat(memory.used()).isEqualTo(8 * MIB);
    }

    @Test
    void waitsForOthers() throws InterruptedException {
        StructureMemory patient = new StructureMemory(8 * MIB, 60_000);
        StructureMemory.Share first = patient.take("a", 4 * MIB, turn);
        AtomicBoolean served = new AtomicBoolean();
        Thread other = Thread.ofVirtual().start(() -> {
            try (CpuTurn own = CpuTurns.OF_PROCESS.begin("", Duration.ofHours(1), () -> {})) {
                patient.take("a", 4 * MIB, own).close();
                served.set(true);
            }
        });
        Eventually.await(() -> other.getState() == Thread.State.TIMED_WAITING);
        first.close();
        other.join();
        assertThat(served).isTrue();
        assertThat(patient.used()).isZero();
    }
}
