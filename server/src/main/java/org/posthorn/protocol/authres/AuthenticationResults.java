package org.posthorn.protocol.authres;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.HeaderField;

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
        return parser.claimedId().equalsIgnoreCase(authservId) || !parser.hasKnownVersion();
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
