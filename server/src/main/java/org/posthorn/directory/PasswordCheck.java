package org.posthorn.directory;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.posthorn.protocol.sasl.Authenticator;

/**
 * Checks passwords against hashes. Each check takes the memory and the CPU time that {@link PasswordCost} says, so it waits
 * for its turn; a password that was right lately takes none. Thread-safe.
 */
final class PasswordCheck {
    private static final int REMEMBERED = 10_000;

    private final VerifiedPasswords verified;
    private final PasswordHash unknown;
    private final Logins logins;

    PasswordCheck(PasswordCost cost, RandomGenerator random, Logins logins) {
        this.logins = logins;
        this.verified = new VerifiedPasswords(REMEMBERED, random);
        this.unknown = PasswordHash.unknown(cost, random);
    }

    /** Takes as long without an account as with a wrong password. */
    Authenticator.Outcome check(Optional<Account> account, String password, Authenticator.Turn turn) {
        if (account.isPresent()
                && verified.contains(account.get().address(), account.get().hash(), password)) {
            return valid(account.get());
        }
        return turn.take(() -> matches(account, password)).orElseGet(Authenticator.Outcome::tooMany);
    }

    private Authenticator.Outcome matches(Optional<Account> account, String password) {
        PasswordHash hash = account.map(Account::hash).orElse(unknown);
        if (!hash.matches(password) || account.isEmpty()) {
            return new Authenticator.Outcome.Invalid();
        }
        verified.add(account.get().address(), hash, password);
        return valid(account.get());
    }

    private Authenticator.Outcome valid(Account account) {
        return new Authenticator.Outcome.Valid(account.address(), logins.grant(account));
    }
}
