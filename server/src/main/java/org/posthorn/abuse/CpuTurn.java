package org.posthorn.abuse;

/** One command's work on a processor; see {@link CpuTurns}. Used by one thread; close it. */
public final class CpuTurn implements AutoCloseable {
    private final CpuTurns turns;
    private final String owner;
    private final long budget;
    private final Runnable between;
    private long since = System.nanoTime();
    private long spent;
    private boolean held;
    /** Whether it has worked for as long as needs no turn. */
    private boolean graceOver;

    CpuTurn(CpuTurns turns, String owner, long budget, Runnable between) {
        this.turns = turns;
        this.owner = owner;
        this.budget = budget;
        this.between = between;
    }

    /** Takes the turn at once, for work that cannot be interrupted. */
    public void take() {
        if (!held) {
            acquire();
        }
    }

    /**
     * May wait until others have had their turn. Cheap; call it at least once a millisecond.
     *
     * @throws OverBudgetException the work has taken as long as it may
     */
    public void pause() {
        long now = System.nanoTime();
        if (now - since < patience()) {
            return;
        }
        graceOver = true;
        spent += now - since;
        release();
        if (spent > budget) {
            throw new OverBudgetException("This takes too long; ask for less at once");
        }
        between.run();
        acquire();
    }

    private long patience() {
        if (held) {
            return turns.sliceNanos();
        }
        return graceOver ? 0 : turns.graceNanos();
    }

    /**
     * Gives up the turn until it is taken again: before a wait.
     *
     * @throws OverBudgetException the work has taken as long as it may
     */
    public void rest() {
        if (held) {
            spent += System.nanoTime() - since;
        }
        graceOver = true;
        release();
        since = System.nanoTime();
        if (spent > budget) {
            throw new OverBudgetException("This takes too long; ask for less at once");
        }
    }

    private void acquire() {
        try {
            turns.take(owner);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OverBudgetException("Interrupted");
        }
        held = true;
        since = System.nanoTime();
    }

    private void release() {
        if (held) {
            held = false;
            turns.giveBack();
        }
    }

    @Override
    public void close() {
        release();
    }
}
