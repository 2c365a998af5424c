package org.posthorn.admin;

import java.util.List;

/** Administration of the parts of this process. Thread-safe where they are. */
public record LocalAdmin(
        Reload reloading,
        QueueAdmin queue,
        DomainAdmin domains,
        AccountAdmin accounts,
        AliasAdmin aliases,
        DkimAdmin dkim,
        ReportAdmin reports)
        implements AdminApi {
    /** Reads the configuration again. */
    @FunctionalInterface
    public interface Reload {
        List<String> reload() throws AdminException;
    }

    @Override
    public List<String> reload() throws AdminException {
        return reloading.reload();
    }

    @Override
    public void close() {
        // The parts are closed by whoever made them.
    }
}
