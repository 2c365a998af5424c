package org.posthorn.directory;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.posthorn.mail.Address;

/**
 * Remembers which password was right for an account, so that clients that log in again and again do not cost an Argon2id
 * each time. Keeps no password but its HMAC under a key that lives and dies with this process, and only of right ones: a
 * wrong one costs the full price however often it is tried. Bounded; thread-safe.
 */
final class VerifiedPasswords {
    private record Remembered(PasswordHash hash, String mac) {}

    private final SecretKeySpec key;

    @GuardedBy("itself")
    private final Map<Address, Remembered> entries;

    /** @param capacity accounts remembered; the one not used for longest is forgotten first */
    VerifiedPasswords(int capacity, RandomGenerator random) {
        byte[] octets = new byte[32];
        random.nextBytes(octets);
        key = new SecretKeySpec(octets, "HmacSHA256");
        entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Address, Remembered> eldest) {
                return size() > capacity;
            }
        };
    }

    /** Whether this password was right for the account and the account's hash is still the same. */
    boolean contains(Address account, PasswordHash hash, String password) {
        Remembered entry;
        synchronized (entries) {
            entry = entries.get(account);
        }
        return entry != null && entry.hash().equals(hash) && constantTimeEquals(entry.mac(), mac(account, password));
    }

    /** The password was found right against this hash. */
    void add(Address account, PasswordHash hash, String password) {
        Remembered entry = new Remembered(hash, mac(account, password));
        synchronized (entries) {
            entries.put(account, entry);
        }
    }

    private String mac(Address account, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(account.toString().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return new String(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static boolean constantTimeEquals(String left, String right) {
        return MessageDigest.isEqual(
                left.getBytes(StandardCharsets.ISO_8859_1), right.getBytes(StandardCharsets.ISO_8859_1));
    }
}
