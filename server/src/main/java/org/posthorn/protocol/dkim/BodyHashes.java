package org.posthorn.protocol.dkim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
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
    private Optional<Footers> footers = Optional.empty();

    /** What the whole body would have hashed to, had it ended before what lists add. Bounded: the latest places only. */
    private final class Footers implements LineCuts.Sink {
        /** Hashes kept for each form: a footer is at the end. */
        private static final int MAX_KEPT = 64;

        private final LineCuts cuts = new LineCuts(this);
        private final List<byte[]> lastLines = new ArrayList<>(List.of(new byte[0]));
        private final Map<Canonicalization, Deque<String>> hashes = new EnumMap<>(Canonicalization.class);

        Footers(Optional<String> boundary) {
            boundary.map(text -> ("--" + text + "--").getBytes(StandardCharsets.ISO_8859_1))
                    .ifPresent(lastLines::add);
        }

        @Override
        public void take(byte[] bytes, int offset, int length) {
            feed(bytes, offset, length);
        }

        @Override
        public void cut() {
            running.forEach((wanted, hash) -> {
                if (wanted.length().isEmpty()) {
                    Deque<String> kept = hashes.computeIfAbsent(wanted.form(), _ -> new ArrayDeque<>());
                    for (byte[] last : lastLines) {
                        kept.addLast(hash.ifEndedHere(last));
                        if (kept.size() > MAX_KEPT) {
                            kept.removeFirst();
                        }
                    }
                }
            });
        }
    }

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

    /**
     * From now on notes where a mailing list may have begun to add something; before any of the body. Costs a hash of a few
     * octets at each such place, and there are {@value LineCuts#MAX_CUTS} at most.
     *
     * @param boundary of the message's multipart, to which lists add a part
     */
    public void lookForFooters(Optional<String> boundary) {
        footers = Optional.of(new Footers(boundary));
    }

    /** Whether the body was this one before something was added at its end, after {@link #finish}. False also when not looked for. */
    public boolean hadBefore(Canonicalization form, String base64) {
        return footers.isPresent()
                && footers.get().hashes.getOrDefault(form, new ArrayDeque<>()).contains(base64);
    }

    /** The next bytes of the body, which begins after the empty line; CRLF form. */
    public void update(byte[] bytes, int offset, int length) {
        if (footers.isPresent()) {
            footers.get().cuts.update(bytes, offset, length);
        } else {
            feed(bytes, offset, length);
        }
    }

    private void feed(byte[] bytes, int offset, int length) {
        for (BodyHash hash : running.values()) {
            hash.update(bytes, offset, length);
        }
    }

    /** The body is over; doing it again does nothing. */
    public void finish() {
        footers.ifPresent(looking -> looking.cuts.finish());
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
