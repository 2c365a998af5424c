package org.posthorn.dns;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps answers until their time is over, the least recently used leaving first. Thread-safe. */
final class AnswerCache {
    /** What was asked; the name is in lower case. */
    record Question(RecordType<?> type, String name) {}

    private record Kept(Answer<?> answer, Instant end) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final Map<Question, Kept> entries;

    AnswerCache(int capacity, InstantSource clock) {
        this.clock = clock;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
                return size() > capacity;
            }
        };
    }

    Optional<Answer<?>> find(Question question) {
        lock.lock();
        try {
            Kept entry = entries.get(question);
            if (entry == null) {
                return Optional.empty();
            }
            if (clock.instant().isBefore(entry.end)) {
                return Optional.of(entry.answer);
            }
            entries.remove(question);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    void keep(Question question, TimedAnswer answer) {
        if (answer.ttl().isZero()) {
            return;
        }
        Kept entry = new Kept(answer.answer(), clock.instant().plus(answer.ttl()));
        lock.lock();
        try {
            entries.put(question, entry);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }
}
