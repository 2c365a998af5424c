package org.posthorn.log;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** A number that only grows, one for each set of label values. Thread-safe, without locks. */
public final class Counter {
    /** Label sets beyond this many are counted together as "other": labels may come from the network. */
    static final int MAX_SERIES = 500;

    private final int labels;
    private final Map<List<String>, LongAdder> series = new ConcurrentHashMap<>();
    private final LongAdder only = new LongAdder();

    Counter(int labels) {
        this.labels = labels;
    }

    /** Adds one. */
    public void increment(String... values) {
        add(1, values);
    }

    /** Adds, for the label values in the order of the names. */
    public void add(long amount, String... values) {
        if (values.length != labels) {
            throw new IllegalArgumentException("expected " + labels + " label values");
        }
        (labels == 0 ? only : adder(List.of(values))).add(amount);
    }

    private LongAdder adder(List<String> values) {
        LongAdder adder = series.get(values);
        if (adder != null) {
            return adder;
        }
        List<String> key = series.size() < MAX_SERIES
                ? values
                : values.stream().map(_ -> "other").toList();
        return series.computeIfAbsent(key, _ -> new LongAdder());
    }

    /** Values by label values; without labels one under the empty list. */
    Map<List<String>, LongAdder> values() {
        return labels == 0 ? Map.of(List.of(), only) : series;
    }
}
