package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionMemoryTest {
    private final MemoryBudget budget = new MemoryBudget(new MemoryBudget.Limits(1000, 1000, 2));

    private static int logins(MemoryBudget budget, String account) {
        int count = 0;
        while (new SessionMemory(budget).logIn(account) == SessionMemory.Login.ADMITTED) {
            count++;
        }
        return count;
    }

    /** A client whose mail could not be opened tries again in the same session. */
    @Test
    void whoLogsInAgainHoldsWhatItHeld() {
        SessionMemory memory = new SessionMemory(budget);
        assertThat(memory.tryCharge(300)).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(memory.logIn("alice")).isEqualTo(SessionMemory.Login.ADMITTED);
            assertThat(budget.heldByStrangers()).isZero();
            assertThat(budget.heldByUsers()).isEqualTo(300);
        }
        assertThat(memory.isUser()).isTrue();
        memory.close();
        assertThat(budget.heldByUsers()).isZero();
        assertThat(memory.logIn("alice")).isEqualTo(SessionMemory.Login.NO_MEMORY);
        assertThat(logins(budget, "alice")).isEqualTo(2);
    }

    @Test
    void whoLogsInAsSomebodyElseCountsForThatAccount() {
        SessionMemory memory = new SessionMemory(budget);
        memory.logIn("alice");
        assertThat(memory.logIn("bob")).isEqualTo(SessionMemory.Login.ADMITTED);
        assertThat(logins(budget, "alice")).isEqualTo(2);
        assertThat(memory.logIn("alice")).isEqualTo(SessionMemory.Login.TOO_MANY_SESSIONS);
        assertThat(logins(budget, "bob")).isEqualTo(1);
        memory.close();
        assertThat(logins(budget, "bob")).isEqualTo(1);
    }
}
