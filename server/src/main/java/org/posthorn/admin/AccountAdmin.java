package org.posthorn.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** What an administrator sees of the accounts, and does with them. Passwords are neither shown nor logged. */
public interface AccountAdmin {
    /**
     * An account.
     *
     * @param sendsAs the addresses that it may send as and that can be listed, in alphabetical order
     */
    record AccountEntry(Address address, List<Address> sendsAs) {
        public AccountEntry {
            sendsAs = List.copyOf(sendsAs);
        }
    }

    /**
     * An account that was added.
     *
     * @param address in the form in which it is kept
     * @param formerMail where mail of a former account of that name was moved to
     */
    record Added(Address address, Optional<String> formerMail) {}

    /** What became of the mail of an account that was removed. */
    sealed interface Removed {
        /** It had none. */
        record WithoutMail() implements Removed {}

        /** It was moved there, until somebody deletes it. */
        record MailMoved(String place) implements Removed {}

        /** It is where it was, and will be moved before the name is given again. */
        record MailStuck(String reason) implements Removed {}
    }

    /**
     * Lists all accounts in alphabetical order.
     *
     * @param domain only its accounts
     * @return how many are listed
     */
    int list(Optional<Domain> domain, Consumer<AccountEntry> each) throws AdminException, IOException;

    /** Shows one account. */
    AccountEntry show(Address account) throws AdminException, IOException;

    /** Adds an account with a password of 8 to 1000 characters. */
    Added add(Address account, String password) throws AdminException, IOException;

    /** Gives an account another password; sessions that logged in with the former one end. */
    void changePassword(Address account, String password) throws AdminException, IOException;

    /** Removes an account that no alias leads to; its sessions end. */
    Removed remove(Address account) throws AdminException, IOException;
}
