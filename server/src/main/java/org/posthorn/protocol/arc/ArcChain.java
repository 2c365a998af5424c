package org.posthorn.protocol.arc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimSignature;
import org.posthorn.protocol.dkim.DkimSyntaxException;
import org.posthorn.protocol.dkim.HeaderCanonicalizer;

/**
 * The ARC fields of a message, put in order (RFC 8617 4.2). Immutable.
 *
 * @param links from the oldest; instances are 1, 2, 3 ...
 */
record ArcChain(List<Link> links) {
    /** RFC 8617 4.2.1: a chain may not have more sets. */
    static final int MAX_SETS = 50;

    /** One set, read. */
    record Link(HeaderField results, DkimSignature signature, ArcSeal seal) {
        ArcSet set(int instance) {
            return new ArcSet(
                    instance,
                    seal.domain().name(),
                    seal.selector(),
                    seal.status(),
                    results,
                    signature.field(),
                    seal.field());
        }

        /** All three fields, in the order in which they are sealed (RFC 8617 5.1.1). */
        void append(StringBuilder canonical) {
            appendLower(canonical);
            HeaderCanonicalizer.append(canonical, seal.field(), Canonicalization.RELAXED);
            canonical.append("\r\n");
        }

        /** The fields that this set's own seal covers, but for itself. */
        void appendLower(StringBuilder canonical) {
            HeaderCanonicalizer.append(canonical, results, Canonicalization.RELAXED);
            canonical.append("\r\n");
            HeaderCanonicalizer.append(canonical, signature.field(), Canonicalization.RELAXED);
            canonical.append("\r\n");
        }
    }

    ArcChain {
        links = List.copyOf(links);
    }

    static List<HeaderField> fields(List<HeaderField> header) {
        return header.stream().filter(ArcField::isOne).toList();
    }

    /**
     * Reads a chain.
     *
     * @param fields those of ARC only, one or more
     * @throws ArcSyntaxException if they are not one
     */
    static ArcChain parse(List<HeaderField> fields) {
        if (fields.size() > 3 * MAX_SETS) {
            throw new ArcSyntaxException(fields.size() + " ARC fields; a chain has at most " + MAX_SETS + " sets");
        }
        Map<Place, HeaderField> placed = new HashMap<>();
        int size = 0;
        for (HeaderField field : fields) {
            Place place = Place.of(field);
            if (placed.put(place, field) != null) {
                throw new ArcSyntaxException("more than one " + place);
            }
            size = Math.max(size, place.instance());
        }
        List<Link> links = new ArrayList<>(size);
        for (int i = 1; i <= size; i++) {
            HeaderField results = only(placed, new Place(ArcField.RESULTS, i));
            HeaderField signature = only(placed, new Place(ArcField.SIGNATURE, i));
            HeaderField seal = only(placed, new Place(ArcField.SEAL, i));
            links.add(new Link(results, signature(signature, i), seal(seal, i)));
        }
        ArcChain chain = new ArcChain(links);
        chain.requireStatuses();
        return chain;
    }

    /** Where a field belongs. */
    private record Place(String name, int instance) {
        static Place of(HeaderField field) {
            String name = ArcField.nameOf(field);
            int instance = ArcField.instance(field);
            if (instance == 0) {
                throw new ArcSyntaxException("an " + name + " without i= from 1 to " + MAX_SETS);
            }
            return new Place(name, instance);
        }

        @Override
        public String toString() {
            return name + " with i=" + instance;
        }
    }

    private static HeaderField only(Map<Place, HeaderField> placed, Place place) {
        return Optional.ofNullable(placed.get(place)).orElseThrow(() -> new ArcSyntaxException("no " + place));
    }

    private static DkimSignature signature(HeaderField field, int instance) {
        try {
            DkimSignature signature = DkimSignature.parseArc(field);
            // RFC 8617 4.1.2: seals are not signed, as each will be sealed itself.
            if (signature.names().stream().anyMatch(ArcField.SEAL::equalsIgnoreCase)) {
                throw new DkimSyntaxException("h= names " + ArcField.SEAL);
            }
            return signature;
        } catch (DkimSyntaxException e) {
            throw new ArcSyntaxException(ArcField.SIGNATURE + " with i=" + instance + ": " + e.reason());
        }
    }

    private static ArcSeal seal(HeaderField field, int instance) {
        try {
            return ArcSeal.parse(field);
        } catch (DkimSyntaxException e) {
            throw new ArcSyntaxException(ArcField.SEAL + " with i=" + instance + ": " + e.reason());
        }
    }

    /** RFC 8617 5.2 steps 2 and 3: only the newest seal may say that the chain fails; the oldest says none, others pass. */
    private void requireStatuses() {
        if (closed()) {
            return;
        }
        for (int i = 0; i < links.size(); i++) {
            ArcResult status = links.get(i).seal().status();
            if (status != (i == 0 ? ArcResult.NONE : ArcResult.PASS)) {
                throw new ArcSyntaxException("the seal with i=" + (i + 1) + " says cv=" + status.text());
            }
        }
    }

    boolean closed() {
        return links.getLast().seal().status() == ArcResult.FAIL;
    }

    List<ArcSet> sets() {
        List<ArcSet> sets = new ArrayList<>(links.size());
        for (Link link : links) {
            sets.add(link.set(sets.size() + 1));
        }
        return sets;
    }

    /** Whether the newest seal says that the chain fails, in a chain that may be anything else than whole. */
    static boolean closed(List<HeaderField> fields) {
        int highest = fields.stream().mapToInt(ArcField::instance).max().orElse(0);
        Optional<HeaderField> newest = fields.stream()
                .filter(field -> field.is(ArcField.SEAL) && ArcField.instance(field) == highest)
                .findFirst();
        try {
            return newest.isPresent() && ArcSeal.parse(newest.get()).status() == ArcResult.FAIL;
        } catch (DkimSyntaxException e) {
            return false;
        }
    }
}
