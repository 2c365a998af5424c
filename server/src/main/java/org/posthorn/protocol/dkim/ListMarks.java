package org.posthorn.protocol.dkim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a mailing list did to a message that was signed (RFC 7960 3.2.3.1): not guessed, but shown, since without it the signature holds.
 *
 * @param footer something was added at the end of the body
 * @param tag the list's name was put before the subject
 * @param rest besides, something else was changed
 */
record ListMarks(boolean footer, boolean tag, boolean rest) {
    static ListMarks of(
            DkimSignature signature,
            HeaderHash header,
            BodyHashes hashes,
            VerifyingKey key,
            boolean headerHolds,
            boolean bodyHolds) {
        boolean footer = !bodyHolds
                && signature.length().isEmpty()
                && hashes.hadBefore(signature.bodyForm(), signature.bodyHash());
        boolean tag = !headerHolds
                && header.isOfList()
                && header.withoutSubjectTag()
                        .filter(before -> key.verifies(before.input(signature), signature.signatureOctets()))
                        .isPresent();
        return new ListMarks(footer, tag, !((bodyHolds || footer) && (headerHolds || tag)));
    }

    /** In words; empty where nothing is known of a list. */
    Optional<String> reason() {
        List<String> marks = new ArrayList<>();
        if (footer) {
            marks.add("added a footer");
        }
        if (tag) {
            marks.add("tagged the subject");
        }
        return marks.isEmpty()
                ? Optional.empty()
                : Optional.of("a mailing list " + String.join(" and ", marks)
                        + (rest ? ", and something else was changed" : "; without that it verifies"));
    }
}
