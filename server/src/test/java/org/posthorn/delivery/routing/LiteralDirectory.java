package org.posthorn.delivery.routing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.directory.Alias;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.Resolution;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** A directory of one domain that resolves from a map. */
public final class LiteralDirectory implements Directory {
    private final Domain domain;
    private final Map<String, Resolution> entries;
    private Optional<DirectoryException> failure = Optional.empty();
    private boolean lost;

    public LiteralDirectory(Domain domain, Map<String, Resolution> entries) {
        this.domain = domain;
        this.entries = entries;
    }

    /** As one whose file is gone. */
    void loseDomain() {
        lost = true;
    }

    /** As one whose file cannot be read any more. */
    public void failWith(DirectoryException exception) {
        failure = Optional.of(exception);
    }

    @Override
    public boolean isLocal(Domain other) {
        return !lost && other.equals(domain);
    }

    @Override
    public Resolution resolve(Address address) {
        if (failure.isPresent()) {
            throw failure.get();
        }
        return isLocal(address.domain())
                ? entries.getOrDefault(address.toString(), new Resolution.UnknownUser())
                : new Resolution.NotLocal();
    }

    @Override
    public boolean isAccount(Address address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean maySendAs(Address account, Address sender) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<Address> senders(Address account) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Domain> domains() {
        return lost ? List.of() : List.of(domain);
    }

    @Override
    public List<Address> accounts() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Alias> aliases() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Outcome verify(String name, String password) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Lookup scramKeys(String name) {
        throw new UnsupportedOperationException();
    }
}
