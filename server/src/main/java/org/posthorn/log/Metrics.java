package org.posthorn.log;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.DoubleSupplier;

/**
 * The program's metrics. Counters, gauges and histograms live here as plain numbers; the Prometheus library is loaded only when somebody
 * reads them, so that metrics cost nothing at start. Thread-safe; a name means one metric, asked for twice it is the same.
 *
 * <p>Names follow Prometheus: {@code posthorn_smtp_sessions_total} for counters (the name is given without
 * {@code _total}), base units, no label values from the network where that can be avoided.
 */
public final class Metrics {
    record CounterEntry(String name, String help, List<String> labels, Counter counter) {}

    record GaugeEntry(String name, String help, DoubleSupplier value) {}

    record HistogramEntry(String name, String help, Histogram histogram) {}

    private final ConcurrentMap<String, CounterEntry> counters = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, GaugeEntry> gauges = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, HistogramEntry> histograms = new ConcurrentHashMap<>();

    /** The counter of this name, e.g. {@code counter("posthorn_deliveries", "Deliveries by outcome", "outcome")}. */
    public Counter counter(String name, String help, String... labels) {
        String base = name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
        CounterEntry entry = counters.computeIfAbsent(
                base, _ -> new CounterEntry(base, help, List.of(labels), new Counter(labels.length)));
        if (!entry.labels().equals(List.of(labels))) {
            throw new IllegalArgumentException("counter " + name + " has labels " + entry.labels());
        }
        return entry.counter();
    }

    /** A number that is asked for at each reading; a later one of the same name takes its place. */
    public void gauge(String name, String help, DoubleSupplier value) {
        gauges.put(name, new GaugeEntry(name, help, value));
    }

    /** The histogram of this name, whose ranges end at these bounds and at infinity. */
    public Histogram histogram(String name, String help, double... bounds) {
        return histograms
                .computeIfAbsent(name, _ -> new HistogramEntry(name, help, new Histogram(bounds)))
                .histogram();
    }

    /** Writes all metrics in the Prometheus text format 0.0.4, those of the process (memory, threads, uptime) included. */
    public void writeTo(OutputStream out) throws IOException {
        PrometheusText.write(counters.values(), gauges.values(), histograms.values(), out);
    }
}
