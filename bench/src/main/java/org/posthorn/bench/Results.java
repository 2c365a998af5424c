package org.posthorn.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured: for each quantity the values of both servers, several rounds each; shown as medians with their ratio. */
final class Results {
    /** Whether more of it is better. */
    enum Better {
        MORE,
        LESS
    }

    private record Row(Better better, Map<String, List<Double>> values) {}

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final PrintStream progress;

    Results(PrintStream progress) {
        this.progress = progress;
    }

    void add(String quantity, Better better, String server, double value) {
        progress.printf(Locale.ROOT, "%-10s %-60s %s%n", server, quantity, number(value));
        rows.computeIfAbsent(quantity, _ -> new Row(better, new LinkedHashMap<>()))
                .values()
                .computeIfAbsent(server, _ -> new ArrayList<>())
                .add(value);
    }

    /** A Markdown table; the ratio says how many times better ours is. */
    void print(PrintStream out, String ours, String theirs) {
        out.println("| quantity | " + ours + " | " + theirs + " | times better |");
        out.println("|---|---:|---:|---:|");
        rows.forEach((quantity, row) -> {
            double a = median(row.values().getOrDefault(ours, List.of()));
            double b = median(row.values().getOrDefault(theirs, List.of()));
            double ratio = row.better() == Better.MORE ? a / b : b / a;
            out.println("| " + quantity + " | " + number(a) + " | " + number(b) + " | "
                    + (Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.1f", ratio) : "-") + " |");
        });
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
