package org.posthorn.testing;

/**
 * How long the clients of tests wait for an answer: long enough for a machine that is busy with other things, and short while mutants are
 * tried, of which many fall silent.
 */
public final class Patience {
    private Patience() {}

    /** 30 s, unless the system property {@code posthorn.test.patience} has another number of seconds. */
    public static int millis() {
        return 1000 * Integer.getInteger("posthorn.test.patience", 30);
    }
}
