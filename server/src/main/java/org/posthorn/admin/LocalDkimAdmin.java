package org.posthorn.admin;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.posthorn.config.pem.PemException;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimKeyState;

/** Administration of the signing keys of this process. Thread-safe. */
public final class LocalDkimAdmin implements DkimAdmin {
    private final DkimKeyRing ring;
    private final Predicate<Domain> ours;
    private final Function<DkimKeyEntry, String> waitsFor;

    /** @param waitsFor what a key that does not sign yet waits for, in words */
    public LocalDkimAdmin(DkimKeyRing ring, Predicate<Domain> ours, Function<DkimKeyEntry, String> waitsFor) {
        this.ring = ring;
        this.ours = ours;
        this.waitsFor = waitsFor;
    }

    static Key shown(DkimKeyEntry key, Function<DkimKeyEntry, String> waitsFor) {
        return new Key(
                key.selector(),
                key.algorithm().tag(),
                key.state().text(),
                key.since(),
                isWaiting(key) ? Optional.of(waitsFor.apply(key)) : Optional.empty(),
                key.recordName(),
                key.record(),
                key.zoneLine());
    }

    private static boolean isWaiting(DkimKeyEntry key) {
        return key.state() == DkimKeyState.MADE || key.state() == DkimKeyState.PUBLISHED;
    }

    private Key shown(DkimKeyEntry key) {
        return shown(key, waitsFor);
    }

    private List<DkimKeyEntry> of(Domain domain) throws AdminException {
        if (!ours.test(domain)) {
            throw new AdminException(AdminException.Kind.NOT_FOUND, "domain " + domain + " is not ours; add it first");
        }
        return StoreWork.result(() -> ring.keys(domain));
    }

    private Optional<DkimKeyEntry> find(Domain domain, String selector) throws AdminException {
        return of(domain).stream()
                .filter(key -> key.selector().equals(selector))
                .findFirst();
    }

    private DkimKeyEntry named(Domain domain, String selector) throws AdminException {
        return find(domain, selector)
                .orElseThrow(() -> new AdminException(
                        AdminException.Kind.NOT_FOUND, "there is no key " + selector + " of " + domain));
    }

    @Override
    public List<Key> keys(Domain domain) throws AdminException {
        return of(domain).stream().map(this::shown).toList();
    }

    @Override
    public List<Key> rotate(Domain domain) throws AdminException {
        return StoreWork.result(() -> ring.make(domain, EnumSet.allOf(DkimAlgorithm.class))).stream()
                .map(this::shown)
                .toList();
    }

    @Override
    public List<String> activate(Domain domain, Optional<String> selector) throws AdminException {
        List<DkimKeyEntry> chosen = selector.isPresent()
                ? List.of(named(domain, selector.get()))
                : of(domain).stream().filter(LocalDkimAdmin::isWaiting).toList();
        if (chosen.isEmpty()) {
            throw new AdminException(AdminException.Kind.CONFLICT, "no key of " + domain + " waits");
        }
        for (DkimKeyEntry key : chosen) {
            StoreWork.run(() -> ring.activate(key));
        }
        return chosen.stream().map(DkimKeyEntry::selector).toList();
    }

    @Override
    public void retire(Domain domain, String selector) throws AdminException {
        DkimKeyEntry key = named(domain, selector);
        StoreWork.run(() -> ring.retire(key));
    }

    @Override
    public Put<Key> adopt(Domain domain, String selector, String pem) throws AdminException {
        boolean known = find(domain, selector).isPresent();
        try {
            StoreWork.run(() -> ring.takeOver(domain, selector, PrivateKeys.parse(pem)));
            return new Put<>(shown(named(domain, selector)), !known);
        } catch (PemException e) {
            throw new AdminException(AdminException.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }
}
