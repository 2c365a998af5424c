package org.posthorn.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What all sessions have seen together: faults, and which message a UID means. Thread-safe. */
final class Ledger {
    private static final int MAX_KEPT = 100;

    private final Map<String, String> subjects = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> commands = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final AtomicInteger faultCount = new AtomicInteger();

    void fault(String what) {
        faultCount.incrementAndGet();
        synchronized (faults) {
            if (faults.size() < MAX_KEPT) {
                faults.add(what);
            }
        }
    }

    /** A UID means one message for ever (RFC 3501 2.3.1.1). */
    void means(String uidValidity, long uid, String subject) {
        String before = subjects.putIfAbsent(uidValidity + "/" + uid, subject);
        if (before != null && !before.equals(subject)) {
            fault("UID " + uid + " of UIDVALIDITY " + uidValidity + " was \"" + before + "\", now \"" + subject + "\"");
        }
    }

    void sent(String command) {
        commands.computeIfAbsent(command, any -> new LongAdder()).increment();
    }

    void refused(String command, String code) {
        refusals.computeIfAbsent(command + " " + code, any -> new LongAdder()).increment();
    }

    int faults() {
        return faultCount.get();
    }

    List<String> firstFaults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    long sent() {
        return commands.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Commands by verb, refusals by verb and code, messages. */
    String summary() {
        return sent() + " commands " + new TreeMap<>(commands) + ", refused " + new TreeMap<>(refusals) + ", "
                + subjects.size() + " messages";
    }
}
