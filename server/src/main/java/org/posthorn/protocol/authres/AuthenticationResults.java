package org.posthorn.protocol.authres;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.MalformedAddressException;

/**
 * One Authentication-Results field (RFC 8601 2.2).
 *
 * @param authservId who says so, in the case given
 * @param results none for a field that says "none"; at most {@value #MAX_RESULTS} are read
 */
public record AuthenticationResults(String authservId, List<MethodResult> results) {
    public static final String NAME = "Authentication-Results";

    /** Results that are read of one field. */
    public static final int MAX_RESULTS = 100;

    /** Characters of a field that is read. */
    public static final int MAX_LENGTH = 64 << 10;

    public AuthenticationResults {
        results = List.copyOf(results);
    }

    /** Reads what follows the colon, folds and all; empty where it is malformed or exceeds a limit. */
    public static Optional<AuthenticationResults> parse(String value) {
        if (value.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AuthResParser(value).payload());
        } catch (AuthResSyntaxException malformed) {
            return Optional.empty();
        }
    }

    /**
     * Whether a field pretends to be ours, or has a version that readers may take for anything: a border server removes it (RFC 8601
     * 5). Asks for no more than the beginning to be well-formed, since others may read more leniently than we do.
     *
     * @param authservId ours
     */
    public static boolean claims(HeaderField field, String authservId) {
        if (!field.is(NAME)) {
            return false;
        }
        AuthResParser parser = new AuthResParser(field.value());
        return isSame(parser.claimedId(), authservId)
                || !parser.hasKnownVersion()
                || isSame(new AuthResParser(field.value()).claimedByTheLenient(), authservId);
    }

    /** In any case, with a final dot, and in U-labels as well (RFC 8616 6). */
    private static boolean isSame(String claimed, String authservId) {
        String text = new String(claimed.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        String id = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        try {
            return id.equalsIgnoreCase(authservId) || Domain.parse(id).equals(Domain.parse(authservId));
        } catch (MalformedAddressException e) {
            // An id need not be a domain.
            return false;
        }
    }

    /** What follows the colon: one result to a line, CRLF between them, none at the end. Characters above 127 are for SMTPUTF8. */
    public String payload() {
        return AuthResWriter.payload(this);
    }

    /** The whole field with its final CRLF. */
    public String text() {
        return NAME + ": " + payload() + "\r\n";
    }
}
