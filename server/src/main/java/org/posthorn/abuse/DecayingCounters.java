package org.posthorn.abuse;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts something for each of many; what was counted fades one by one as time goes by. Remembers the {@value #MAX_KEYS} that were
 * seen last. Guarded by its owner.
 *
 * @param <K> for what is counted: small, since strangers fill the table
 */
final class DecayingCounters<K> {
    private static final int MAX_KEYS = 20_000;

    /** How much there was at a time, in milliseconds since 1970. */
    private record Count(double amount, long at) {}

    private final Map<K, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Count> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /** What is left of a count. */
    double left(K key, long now, Duration oneFadesIn) {
        Count count = counts.get(key);
        if (count == null) {
            return 0;
        }
        if (count.at() > now) {
            // The clock was set back; without this nothing would fade until it is there again.
            set(key, count.amount(), now);
            return count.amount();
        }
        double faded = (double) (now - count.at()) / oneFadesIn.toMillis();
        if (count.amount() <= faded) {
            counts.remove(key);
            return 0;
        }
        return count.amount() - faded;
    }

    void set(K key, double amount, long now) {
        counts.put(key, new Count(amount, now));
    }

    int size() {
        return counts.size();
    }
}
