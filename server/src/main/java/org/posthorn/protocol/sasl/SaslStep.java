package org.posthorn.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.posthorn.mail.Address;

/** What the server does next in a SASL exchange. */
public sealed interface SaslStep {
    /** For the client whose {@link Grant} is over. */
    String LOGIN_OVER = "password changed or account removed, log in again";

    /** Send this and wait for a response. */
    record Challenge(String text) implements SaslStep {
        /** The challenge as SMTP, IMAP and POP3 send it; "" for an empty one. */
        public String base64() {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * The client has proved who it is.
     *
     * @param account whom it acts as from now on
     * @param name what it called itself
     * @param grant tells when that is over
     */
    record Success(Address account, String name, Grant grant) implements SaslStep {}

    /**
     * The exchange is over. Clients are told no more than {@link Reason} says.
     *
     * @param name what the client called itself, as far as it came to that, else ""; for the log and for rate limits
     * @param detail for the log; holds no secret
     */
    record Failure(Reason reason, String name, String detail) implements SaslStep {}

    /** Why an exchange failed. */
    enum Reason {
        /** Not what the mechanism's grammar allows: SMTP 501 5.5.2, IMAP BAD. */
        SYNTAX,
        /** Wrong name, password, proof, channel binding or foreign authorization identity: SMTP 535 5.7.8, IMAP NO [AUTHENTICATIONFAILED]. */
        CREDENTIALS,
        /** The accounts cannot be asked at present: SMTP 454 4.7.0, IMAP NO [UNAVAILABLE]. */
        TEMPORARY
    }
}
