package org.posthorn.directory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * An Argon2id hash (RFC 9106) in the PHC string form {@code $argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH}, as
 * other programs write and read it.
 */
record PasswordHash(String text) {
    private static final int SALT_LENGTH = 16;
    private static final int HASH_LENGTH = 32;
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Pattern FORM = Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
            + "\\$([A-Za-z0-9+/]{11,88})\\$([A-Za-z0-9+/]{22,88})");

    /** Hashes a password, which SASLprep has prepared. */
    static PasswordHash of(String password, PasswordCost cost, RandomGenerator random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return format(cost, salt, argon2id(password, salt, cost.memoryKib(), cost.passes(), 1, HASH_LENGTH));
    }

    /** A hash that no password is known for and that costs as much to check as a real one. */
    static PasswordHash unknown(PasswordCost cost, RandomGenerator random) {
        byte[] salt = new byte[SALT_LENGTH];
        byte[] hash = new byte[HASH_LENGTH];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return format(cost, salt, hash);
    }

    private static PasswordHash format(PasswordCost cost, byte[] salt, byte[] hash) {
        return new PasswordHash("$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.passes() + ",p=1$"
                + ENCODER.encodeToString(salt) + "$" + ENCODER.encodeToString(hash));
    }

    /** Whether this is the password's hash; constant time. False for a hash in another form. */
    boolean matches(String password) {
        return parameters().map(m -> check(m, password)).orElse(false);
    }

    private Optional<Matcher> parameters() {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches() ? Optional.of(matcher) : Optional.empty();
    }

    private static boolean check(Matcher m, String password) {
        try {
            int memory = Integer.parseInt(m.group(1));
            int passes = Integer.parseInt(m.group(2));
            int lanes = Integer.parseInt(m.group(3));
            if (memory > 1 << 20 || memory < 8 * lanes || passes < 1 || lanes < 1) {
                return false;
            }
            byte[] salt = Base64.getDecoder().decode(m.group(4));
            byte[] expected = Base64.getDecoder().decode(m.group(5));
            return MessageDigest.isEqual(expected, argon2id(password, salt, memory, passes, lanes, expected.length));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] argon2id(String password, byte[] salt, int memoryKib, int passes, int lanes, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }

    /** Without the hash: it must not get into a log. */
    @Override
    public String toString() {
        return "PasswordHash";
    }
}
