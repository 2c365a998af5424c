package org.posthorn.directory;

import java.util.List;
import org.posthorn.mail.Domain;

/**
 * What we have put into DNS for each domain: only such records are ever removed when they are not wanted any more. Each change is on
 * stable storage when its method returns. Thread-safe.
 */
public final class PublishedRecords {
    /** Records of a domain that are remembered; a domain has some thirty, and each key adds one. */
    static final int MAX_RECORDS = 1000;

    private final LocalDirectory directory;
    private final DirectoryDatabase database;

    PublishedRecords(LocalDirectory directory, DirectoryDatabase database) {
        this.directory = directory;
        this.database = database;
    }

    public List<PublishedRecord> of(Domain domain) {
        return directory.read(() -> database.published(domain));
    }

    /**
     * Remembers a publication.
     *
     * @param added what is in DNS now; beyond the limit it is not remembered, and so never removed
     * @param removed what is there no more
     * @throws DirectoryException for a domain that is not ours
     */
    public void changed(Domain domain, List<PublishedRecord> added, List<PublishedRecord> removed) {
        directory.change(() -> directory.requireLocal(domain), () -> {
            for (PublishedRecord record : removed) {
                database.update(
                        "DELETE FROM published WHERE domain = ? AND name = ? AND type = ? AND data = ?",
                        domain.name(),
                        record.name(),
                        record.type(),
                        record.data());
            }
            int room = MAX_RECORDS - database.published(domain).size();
            for (PublishedRecord record : added.subList(0, Math.min(room, added.size()))) {
                database.update(
                        "INSERT OR IGNORE INTO published VALUES (?, ?, ?, ?)",
                        domain.name(),
                        record.name(),
                        record.type(),
                        record.data());
            }
        });
    }
}
