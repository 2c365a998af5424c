package org.posthorn.admin;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.directory.Alias;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryEditor;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** Administration of the aliases of this process. Thread-safe. */
public final class LocalAliasAdmin implements AliasAdmin {
    private final Directory directory;
    private final DirectoryEditor editor;

    public LocalAliasAdmin(Directory directory, DirectoryEditor editor) {
        this.directory = directory;
        this.editor = editor;
    }

    @Override
    public int list(Optional<Domain> domain, Consumer<AliasEntry> each) {
        List<Alias> aliases = directory.aliases().stream()
                .filter(alias -> domain.isEmpty() || alias.domain().equals(domain.get()))
                .toList();
        aliases.forEach(alias -> each.accept(entry(alias)));
        return aliases.size();
    }

    private static AliasEntry entry(Alias alias) {
        return new AliasEntry(alias.name(), alias.targets());
    }

    private Optional<Alias> find(String name) {
        return directory.aliases().stream()
                .filter(alias -> alias.name().equals(name))
                .findFirst();
    }

    @Override
    public AliasEntry show(String given) throws AdminException {
        String name =
                named(given, List.of(new Address("x", Domain.parse("invalid")))).name();
        return find(name)
                .map(LocalAliasAdmin::entry)
                .orElseThrow(() -> new AdminException(AdminException.Kind.NOT_FOUND, "there is no alias " + name));
    }

    private static Alias named(String name, List<Address> targets) throws AdminException {
        if (targets.isEmpty() || targets.size() > Alias.MAX_TARGETS) {
            throw new AdminException(
                    AdminException.Kind.INVALID, "an alias has 1 to " + Alias.MAX_TARGETS + " targets");
        }
        return StoreWork.result(() -> Alias.of(name, targets));
    }

    @Override
    public Put<AliasEntry> put(AliasEntry given) throws AdminException {
        Alias alias = named(given.name(), given.targets());
        boolean created = StoreWork.result(() -> editor.putAlias(alias));
        // As it is kept: the names of local targets have one form.
        return new Put<>(entry(find(alias.name()).orElse(alias)), created);
    }

    @Override
    public void remove(String name) throws AdminException {
        StoreWork.run(() -> editor.removeAlias(name));
    }
}
