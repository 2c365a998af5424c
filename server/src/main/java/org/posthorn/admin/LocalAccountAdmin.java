package org.posthorn.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryEditor;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** Administration of the accounts of this process. Thread-safe. */
public final class LocalAccountAdmin implements AccountAdmin {
    /** Takes mail from a name, so that whoever gets the name does not get it. */
    @FunctionalInterface
    public interface FormerMail {
        /** Moves the mail of an account that is not there any more, and says where to; empty where there is none. */
        Optional<String> setAside(Address account) throws IOException;
    }

    private final Directory directory;
    private final DirectoryEditor editor;
    private final FormerMail mail;

    public LocalAccountAdmin(Directory directory, DirectoryEditor editor, FormerMail mail) {
        this.directory = directory;
        this.editor = editor;
        this.mail = mail;
    }

    @Override
    public int list(Optional<Domain> domain, Consumer<AccountEntry> each) {
        List<Address> accounts = directory.accounts().stream()
                .filter(account -> domain.isEmpty() || account.domain().equals(domain.get()))
                .toList();
        accounts.forEach(account -> each.accept(entry(account)));
        return accounts.size();
    }

    private AccountEntry entry(Address account) {
        List<Address> senders = directory.senders(account).stream()
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .toList();
        return new AccountEntry(account, senders);
    }

    @Override
    public AccountEntry show(Address account) throws AdminException {
        if (!directory.isAccount(account)) {
            throw new AdminException(AdminException.Kind.NOT_FOUND, "there is no account " + account);
        }
        return entry(account.canonical());
    }

    @Override
    public Added add(Address given, String password) throws AdminException {
        Address account = given.canonical();
        Optional<String> former = Optional.empty();
        try {
            if (!directory.isAccount(account)) {
                former = mail.setAside(account);
            }
        } catch (IOException e) {
            throw new AdminException(
                    AdminException.Kind.FAILED,
                    "nothing changed: mail of a former account " + account + " is there and cannot be moved aside: "
                            + e);
        }
        StoreWork.run(() -> editor.addAccount(account, password));
        return new Added(account, former);
    }

    @Override
    public void changePassword(Address account, String password) throws AdminException {
        StoreWork.run(() -> editor.changePassword(account, password));
    }

    @Override
    public Removed remove(Address account) throws AdminException {
        StoreWork.run(() -> editor.removeAccount(account));
        try {
            return mail.setAside(account).<Removed>map(Removed.MailMoved::new).orElseGet(Removed.WithoutMail::new);
        } catch (IOException e) {
            return new Removed.MailStuck(e.toString());
        }
    }
}
