package org.posthorn.protocol.sasl;

import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.mail.Address;

/**
 * Knows the accounts and their secrets. Thread-safe. Passwords arrive prepared by {@link SaslPrep}, names as they were sent; what login
 * names there are (the whole address, a name without domain) is the implementation's choice.
 */
public interface Authenticator {
    /**
     * Checks a password. Takes about as long for an unknown name as for a wrong password. Counting and slowing down
     * attempts is the caller's business.
     */
    Outcome verify(String name, String password);

    /** As {@link #verify(String, String)}, in a turn where it is costly. */
    default Outcome verify(String name, String password, Turn turn) {
        return turn.take(() -> verify(name, password)).orElseGet(Outcome::tooMany);
    }

    /** Who checks how many passwords at once, and in which order; only one that is waited for too long is not taken. */
    @FunctionalInterface
    interface Turn {
        Optional<Outcome> take(Supplier<Outcome> check);
    }

    /** The keys for a SCRAM-SHA-256 exchange. */
    Lookup scramKeys(String name);

    /**
     * One name for all spellings of an account's name, in the same way for accounts that there are and that there are not: whoever
     * compares what they get for different spellings learns nothing.
     */
    default String identity(String name) {
        return name;
    }

    /** The iteration count that a name without an account shows: always the same, and by chance one that an account could have. */
    default int iterations(String identity) {
        return ScramKeys.ITERATIONS;
    }

    /** What came of a password check. */
    sealed interface Outcome {
        record Valid(Address account, Grant grant) implements Outcome {}

        /** No such name or wrong password. */
        record Invalid() implements Outcome {}

        /** Cannot tell at present, e.g. the back end is not reachable; {@code cause} is for the log. */
        record Unavailable(String cause) implements Outcome {}

        static Outcome tooMany() {
            return new Unavailable("too many logins at once");
        }
    }

    /** What came of a look-up of SCRAM keys. */
    sealed interface Lookup {
        /** The grant is that of a login which these very keys prove. */
        record Found(Address account, ScramKeys keys, Grant grant) implements Lookup {}

        /** No such name, or it has no SCRAM keys. */
        record Unknown() implements Lookup {}

        /** Cannot tell at present; {@code cause} is for the log. */
        record Unavailable(String cause) implements Lookup {}
    }
}
