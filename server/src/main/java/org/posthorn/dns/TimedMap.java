package org.posthorn.dns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps values until their time is over, never longer; bounded in number and octets, the least recently used leaving first. Thread-safe. */
final class TimedMap<K, V> {
    private record Kept<V>(V value, long octets, Instant end) {}

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<K, Kept<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

    private final int maxEntries;
    private final long maxOctets;
    private final InstantSource clock;

    @GuardedBy("lock")
    private long octets;

    TimedMap(int maxEntries, long maxOctets, InstantSource clock) {
        this.maxEntries = maxEntries;
        this.maxOctets = maxOctets;
        this.clock = clock;
    }

    Optional<V> find(K key) {
        lock.lock();
        try {
            Kept<V> entry = entries.get(key);
            if (entry == null) {
                return Optional.empty();
            }
            if (clock.instant().isBefore(entry.end)) {
                return Optional.of(entry.value);
            }
            entries.remove(key);
            octets -= entry.octets;
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Keeps the value, of about this size, in place of an earlier one; what is larger than all may be together is not kept. */
    void keep(K key, V value, long size, Duration time) {
        if (!time.isPositive() || size > maxOctets || maxEntries == 0) {
            return;
        }
        Kept<V> entry = new Kept<>(value, size, clock.instant().plus(time));
        lock.lock();
        try {
            Kept<V> before = entries.put(key, entry);
            octets += size - (before == null ? 0 : before.octets);
            Iterator<Kept<V>> eldest = entries.values().iterator();
            while (entries.size() > maxEntries || octets > maxOctets) {
                octets -= eldest.next().octets;
                eldest.remove();
            }
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

    /** The octets of all that is kept. */
    long octets() {
        lock.lock();
        try {
            return octets;
        } finally {
            lock.unlock();
        }
    }
}
