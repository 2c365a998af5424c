package org.posthorn.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;

class CarriersTest {
    private final List<Integer> told = new ArrayList<>();
    private final Carriers carriers = new Carriers(2, told::add);

    @Test
    void thereIsOneMoreForEachTurnThatIsTaken() {
        carriers.oneMore();
        carriers.oneMore();
        carriers.oneLess();
        carriers.oneLess();
        assertThat(told).containsExactly(3, 4, 3, 2);
    }

    @Test
    void turnsBringTheirCarriersAndTakeThemAway() {
        CpuTurns turns = new CpuTurns(2, Duration.ZERO, Duration.ZERO, () -> carriers);
        try (CpuTurn first = turns.begin("a", Duration.ofHours(1), () -> {});
                CpuTurn second = turns.begin("b", Duration.ofHours(1), () -> {})) {
            first.take();
            second.take();
            assertThat(told).containsExactly(3, 4);
            second.rest();
            assertThat(told).containsExactly(3, 4, 3);
        }
        assertThat(told).containsExactly(3, 4, 3, 2);
    }

    @Test
    void workThatTakesNoTurnChangesNothing() {
        CpuTurns turns = new CpuTurns(1, Duration.ofHours(1), Duration.ofHours(1), () -> carriers);
        try (CpuTurn turn = turns.begin("a", Duration.ofHours(1), () -> {})) {
            turn.pause();
            turn.rest();
        }
        assertThat(told).isEmpty();
    }

    /** Others in this JVM may have turns as well, but each of them adds one. */
    @Test
    void theSchedulerOfTheProcessIsTold() {
        VirtualThreadSchedulerMXBean scheduler =
                ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        try (CpuTurn turn = CpuTurns.OF_PROCESS.begin("a", Duration.ofHours(1), () -> {})) {
            turn.take();
            assertThat(scheduler.getParallelism())
                    .isGreaterThan(Runtime.getRuntime().availableProcessors());
        }
    }
}
