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
    private boolean resting;

    CpuTurn(CpuTurns turns, String owner, long budget, Runnable between) {
        this.turns = turns;
        this.owner = owner;
        this.budget = budget;
        this.between = between;
    }

    /** Takes the turn at once, for work that cannot be interrupted. */
    public void take() {
        if (!held) {
            resting = false;
            acquire();
        }
    }

    /**
     * May wait until others have had their turn. Cheap; call it at least once a millisecond, and after each {@link #rest}.
     *
     * @throws OverBudgetException the work has taken as long as it may
     */
    public void pause() {
        long now = System.nanoTime();
        if (resting) {
            resting = false;
            since = now;
            if (spent >= turns.graceNanos()) {
                acquire();
            }
            return;
        }
        if (now - since < patience()) {
            return;
        }
        spent += now - since;
        release();
        endIfOver();
        between.run();
        acquire();
    }

    /** What is done before the first turn counts as one, however often it rests meanwhile. */
    private long patience() {
        return held ? turns.sliceNanos() : turns.graceNanos() - spent;
    }

    /**
     * Gives up the turn until the next {@link #pause}: before a wait, which does not count as work.
     *
     * @throws OverBudgetException the work has taken as long as it may
     */
    public void rest() {
        if (!resting) {
            spent += System.nanoTime() - since;
            resting = true;
            release();
        }
        endIfOver();
    }

    private void endIfOver() {
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
