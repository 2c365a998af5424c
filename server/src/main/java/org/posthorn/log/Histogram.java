package org.posthorn.log;

import java.util.Arrays;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** How often a quantity was how large. Thread-safe, without locks. */
public final class Histogram {
    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    /** Upper bounds of the ranges, each greater than the one before; what is larger than all is counted too. */
    Histogram(double... bounds) {
        this.bounds = bounds.clone();
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < counts.length; i++) {
            if (i > 0 && i < bounds.length && bounds[i] <= bounds[i - 1]) {
                throw new IllegalArgumentException("the bounds of a histogram must grow");
            }
            counts[i] = new LongAdder();
        }
    }

    /** Counts one occurrence, in the base unit of the metric. */
    public void observe(double value) {
        int range = 0;
        while (range < bounds.length && value > bounds[range]) {
            range++;
        }
        counts[range].increment();
        sum.add(value);
    }

    /** The upper bounds, the last one infinite. */
    double[] bounds() {
        double[] all = Arrays.copyOf(bounds, counts.length);
        all[bounds.length] = Double.POSITIVE_INFINITY;
        return all;
    }

    /** How many fell into each range, in the order of the bounds. */
    long[] counts() {
        return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
    }

    double sum() {
        return sum.sum();
    }
}
