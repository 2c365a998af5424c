package org.posthorn.directory;

/**
 * What deriving keys from a new password costs. Passwords stored at another cost stay valid.
 *
 * @param memoryKib of Argon2id, 8 to 1,048,576
 * @param passes of Argon2id, 1 to 100
 * @param scramIterations PBKDF2 rounds of the SCRAM keys, 4,096 to 10,000,000; each SCRAM login costs them the client
 */
public record PasswordCost(int memoryKib, int passes, int scramIterations) {
    /** 19 MiB and two passes: the OWASP choice for small machines. */
    public static final PasswordCost STANDARD = new PasswordCost(19 * 1024, 2, 15_000);

    /** For demonstrations and tests with many accounts, where nothing is to be protected. */
    public static final PasswordCost MINIMAL = new PasswordCost(64, 1, 4096);

    public PasswordCost {
        if (memoryKib < 8
                || memoryKib > 1 << 20
                || passes < 1
                || passes > 100
                || scramIterations < 4096
                || scramIterations > 10_000_000) {
            throw new IllegalArgumentException("password cost out of bounds");
        }
    }
}
