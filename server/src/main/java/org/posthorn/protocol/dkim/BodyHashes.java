package org.posthorn.protocol.dkim;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body hashes that all signatures of a message need, of DKIM and ARC alike, computed in one pass over the body. Each
 * distinct one is computed once. Used by one thread: first everything is asked for, then the body goes by, then it is finished.
 */
public final class BodyHashes {
    /** Distinct hashes of parts of one message ({@code l=}), beside the two of the whole: more are nobody's need. */
    public static final int MAX_PARTS = 6;

    /** What a hash covers. */
    private record Wanted(Canonicalization form, OptionalLong length) {}

    /**
     * A finished hash.
     *
     * @param base64 for comparison with {@code bh=}
     * @param canonicalLength octets of the whole canonical body
     */
    public record Finished(String base64, long canonicalLength) {}

    private final Map<Wanted, BodyHash> running = new HashMap<>();
    private final Map<Wanted, Finished> finished = new HashMap<>();
    private int parts;

    /**
     * Asks for a hash.
     *
     * @param length the {@code l=} of a signature
     * @return false when there are too many different parts already; never for the whole body
     */
    public boolean want(Canonicalization form, OptionalLong length) {
        Wanted wanted = new Wanted(form, length);
        if (!running.containsKey(wanted)) {
            if (length.isPresent()) {
                if (parts == MAX_PARTS) {
                    return false;
                }
                parts++;
            }
            running.put(wanted, new BodyHash(form, length.orElse(Long.MAX_VALUE)));
        }
        return true;
    }

    /** How many hashes are being computed. */
    public int size() {
        return running.size();
    }

    /** The next bytes of the body, which begins after the empty line; CRLF form. */
    public void update(byte[] bytes, int offset, int length) {
        for (BodyHash hash : running.values()) {
            hash.update(bytes, offset, length);
        }
    }

    /** The body is over; doing it again does nothing. */
    public void finish() {
        running.forEach((wanted, hash) -> {
            if (!finished.containsKey(wanted)) {
                String base64 = hash.finish();
                finished.put(wanted, new Finished(base64, hash.canonicalLength()));
            }
        });
    }

    /** The hash, after {@link #finish}; empty for one that was not asked for or was too many. */
    public Optional<Finished> of(Canonicalization form, OptionalLong length) {
        return Optional.ofNullable(finished.get(new Wanted(form, length)));
    }
}
