package org.posthorn.log;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Turns {@link Metrics} into text; the one class that knows the Prometheus library. */
final class PrometheusText {
    private PrometheusText() {}

    static void write(
            Collection<Metrics.CounterEntry> counters,
            Collection<Metrics.GaugeEntry> gauges,
            Collection<Metrics.HistogramEntry> histograms,
            OutputStream out)
            throws IOException {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.forEach(counter -> all.metricSnapshot(snapshot(counter)));
        gauges.forEach(gauge -> all.metricSnapshot(snapshot(gauge)));
        histograms.forEach(histogram -> all.metricSnapshot(snapshot(histogram)));
        process().forEach(gauge -> all.metricSnapshot(snapshot(gauge)));
        PrometheusTextFormatWriter.create().write(out, all.build(), EscapingScheme.UNDERSCORE_ESCAPING);
    }

    private static CounterSnapshot snapshot(Metrics.CounterEntry entry) {
        CounterSnapshot.Builder snapshot =
                CounterSnapshot.builder().name(entry.name()).help(entry.help());
        entry.counter()
                .values()
                .forEach((labels, value) -> snapshot.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(Labels.of(entry.labels(), labels))
                        .value((double) value.sum())
                        .build()));
        return snapshot.build();
    }

    private static GaugeSnapshot snapshot(Metrics.GaugeEntry entry) {
        return GaugeSnapshot.builder()
                .name(entry.name())
                .help(entry.help())
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(entry.value().getAsDouble())
                        .build())
                .build();
    }

    private static HistogramSnapshot snapshot(Metrics.HistogramEntry entry) {
        Histogram histogram = entry.histogram();
        return HistogramSnapshot.builder()
                .name(entry.name())
                .help(entry.help())
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(
                                Arrays.stream(histogram.bounds()).boxed().toList(),
                                Arrays.stream(histogram.counts()).boxed().toList()))
                        .sum(histogram.sum())
                        .build())
                .build();
    }

    private static List<Metrics.GaugeEntry> process() {
        Runtime runtime = Runtime.getRuntime();
        return List.of(
                new Metrics.GaugeEntry("posthorn_heap_used_bytes", "Heap in use", () ->
                        (double) (runtime.totalMemory() - runtime.freeMemory())),
                new Metrics.GaugeEntry(
                        "posthorn_heap_max_bytes", "Largest heap allowed", () -> (double) runtime.maxMemory()),
                new Metrics.GaugeEntry(
                        "posthorn_platform_threads",
                        "Platform threads",
                        () -> ManagementFactory.getThreadMXBean().getThreadCount()),
                new Metrics.GaugeEntry(
                        "posthorn_uptime_seconds",
                        "Seconds since the start",
                        () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0));
    }
}
