package org.posthorn.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryEditor;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyRing;

/** Administration of the domains of this process. Thread-safe. */
public final class LocalDomainAdmin implements DomainAdmin {
    private final Directory directory;
    private final DkimKeyRing keys;
    private final HostedDomains hosted;
    private final Function<DkimKeyEntry, String> waitsFor;

    /** @param waitsFor what a key that does not sign yet waits for, in words */
    public LocalDomainAdmin(
            Directory directory, DirectoryEditor editor, DkimKeyRing keys, Function<DkimKeyEntry, String> waitsFor) {
        this.directory = directory;
        this.keys = keys;
        this.hosted = new HostedDomains(directory, editor, keys);
        this.waitsFor = waitsFor;
    }

    @Override
    public int list(Consumer<DomainEntry> each) throws AdminException {
        Map<Domain, Integer> accounts = accounts();
        List<Domain> domains = directory.domains();
        for (Domain domain : domains) {
            each.accept(entry(domain, accounts));
        }
        return domains.size();
    }

    private Map<Domain, Integer> accounts() {
        Map<Domain, Integer> counts = new HashMap<>();
        directory.accounts().forEach(account -> counts.merge(account.domain(), 1, Integer::sum));
        return counts;
    }

    private DomainEntry entry(Domain domain, Map<Domain, Integer> accounts) throws AdminException {
        return new DomainEntry(
                domain,
                accounts.getOrDefault(domain, 0),
                StoreWork.result(() ->
                        keys.signing(domain).stream().map(key -> key.selector()).toList()));
    }

    @Override
    public DomainEntry show(Domain domain) throws AdminException {
        if (!directory.isLocal(domain)) {
            throw new AdminException(AdminException.Kind.NOT_FOUND, "domain " + domain + " is not ours; add it first");
        }
        return entry(domain, accounts());
    }

    @Override
    public List<DkimAdmin.Key> add(Domain domain) throws AdminException {
        return StoreWork.result(() -> {
            hosted.add(domain);
            return keys.toPublish(domain).stream()
                    .map(key -> LocalDkimAdmin.shown(key, waitsFor))
                    .toList();
        });
    }

    @Override
    public void remove(Domain domain) throws AdminException {
        StoreWork.run(() -> hosted.remove(domain));
    }
}
