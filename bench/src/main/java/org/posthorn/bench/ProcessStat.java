package org.posthorn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What process trees have used, from /proc.
 *
 * @param cpu seconds of user and system time, ended children included
 * @param pssKib proportional set size
 */
record ProcessStat(double cpu, long pssKib, int processes) {
    private static final double TICKS = 100;

    static ProcessStat of(Collection<Long> roots) throws IOException {
        Map<Long, List<Long>> children = new HashMap<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .forEach(pid -> {
                        String[] fields = stat(pid);
                        if (fields.length > 1) {
                            children.computeIfAbsent(Long.valueOf(fields[1]), _ -> new ArrayList<>())
                                    .add(Long.valueOf(pid));
                        }
                    });
        }
        List<Long> todo = new ArrayList<>(roots);
        double cpu = 0;
        long pss = 0;
        int count = 0;
        while (!todo.isEmpty()) {
            long pid = todo.removeLast();
            todo.addAll(children.getOrDefault(pid, List.of()));
            String[] fields = stat(String.valueOf(pid));
            if (fields.length > 14) {
                for (int i = 11; i <= 14; i++) {
                    cpu += Long.parseLong(fields[i]) / TICKS;
                }
                pss += pss(pid);
                count++;
            }
        }
        return new ProcessStat(cpu, pss, count);
    }

    /** CPU seconds of a process outside the kernel. */
    static double user(long pid) {
        String[] fields = stat(String.valueOf(pid));
        return fields.length > 11 ? Long.parseLong(fields[11]) / TICKS : 0;
    }

    /** From now on {@link #peakKib} counts anew. */
    static void forgetPeak(long pid) throws IOException {
        Files.writeString(Path.of("/proc", String.valueOf(pid), "clear_refs"), "5");
    }

    /** The most that a process has had resident. */
    static long peakKib(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no peak of process " + pid);
    }

    /** The fields of /proc/PID/stat after the command's name; empty when the process is gone. */
    private static String[] stat(String pid) {
        try {
            String text = Files.readString(Path.of("/proc", pid, "stat"));
            return text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        } catch (IOException e) {
            return new String[0];
        }
    }

    private static long pss(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps_rollup"))) {
                if (line.startsWith("Pss:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException e) {
            // It has ended.
        }
        return 0;
    }
}
