package org.posthorn.directory;

import java.security.SecureRandom;
import org.posthorn.protocol.sasl.SaslPrep;
import org.posthorn.protocol.sasl.SaslSyntaxException;
import org.posthorn.protocol.sasl.ScramKeys;

/**
 * What is kept of a password that is set: never itself.
 *
 * @param hash for those who send the password
 * @param keys for SCRAM
 */
record NewPassword(PasswordHash hash, ScramKeys keys) {
    /** Characters. NIST SP 800-63B 5.1.1.1 asks for as many; what is shorter is guessed, not cracked. */
    static final int MIN_LENGTH = 8;

    private static final int MAX_LENGTH = 1000;

    /** Costs what {@link PasswordCost} says. Throws {@link DirectoryException} for a password that cannot be. */
    static NewPassword of(String password, PasswordCost cost, SecureRandom random) {
        String prepared = prepared(password);
        byte[] salt = new byte[ScramKeys.SALT_LENGTH];
        random.nextBytes(salt);
        return new NewPassword(
                PasswordHash.of(prepared, cost, random), ScramKeys.derive(prepared, salt, cost.scramIterations()));
    }

    private static String prepared(String password) {
        if (password.length() > MAX_LENGTH) {
            throw new DirectoryException(DirectoryException.Reason.INVALID, "a password has at most 1000 characters");
        }
        String prepared;
        try {
            prepared = SaslPrep.stored(password);
        } catch (SaslSyntaxException e) {
            throw new DirectoryException(
                    DirectoryException.Reason.INVALID, "the password has characters that logins cannot carry", e);
        }
        if (prepared.strip().codePointCount(0, prepared.strip().length()) < MIN_LENGTH) {
            throw new DirectoryException(
                    DirectoryException.Reason.INVALID,
                    "the password is too short: it needs at least 8 characters;"
                            + " four words that have nothing to do with each other are long enough and can be remembered");
        }
        return prepared;
    }
}
