package org.posthorn.admin;

import java.util.List;

/** Administration of a queue, for those who ask for nothing else. */
public record QueueAlone(LocalAdmin.Reload reloading, QueueAdmin queue) implements AdminApi {
    @Override
    public List<String> reload() throws AdminException {
        return reloading.reload();
    }

    @Override
    public DomainAdmin domains() {
        throw new AssertionError("domains");
    }

    @Override
    public AccountAdmin accounts() {
        throw new AssertionError("accounts");
    }

    @Override
    public AliasAdmin aliases() {
        throw new AssertionError("aliases");
    }

    @Override
    public DkimAdmin dkim() {
        throw new AssertionError("DKIM");
    }

    @Override
    public ReportAdmin reports() {
        throw new AssertionError("reports");
    }

    @Override
    public void close() {}
}
