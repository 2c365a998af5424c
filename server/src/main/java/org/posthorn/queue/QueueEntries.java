package org.posthorn.queue;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The messages of the queue by id. Thread-safe. */
final class QueueEntries {
    private final Map<QueueId, QueueEntry> entries = new ConcurrentHashMap<>();

    QueueEntry add(StoredMessage stored) {
        return entries.computeIfAbsent(stored.id(), _ -> new QueueEntry(stored));
    }

    /** Everything, in no order; what comes and goes meanwhile may be seen or not. */
    Collection<QueueEntry> all() {
        return entries.values();
    }

    Optional<QueueEntry> of(QueueId id) {
        return Optional.ofNullable(entries.get(id));
    }

    void remove(QueueEntry entry) {
        entries.remove(entry.id);
    }
}
