package org.posthorn.protocol.sasl;

import java.util.Base64;

/**
 * The server's side of one authentication exchange; used by one thread. Once it has returned a success or a failure it
 * answers every further step with a failure.
 */
public interface SaslServer {
    /** Octets of the longest response accepted, after decoding. */
    int MAX_RESPONSE = 4096;

    /** The challenge to send when the client began without an initial response; empty where the client speaks first. */
    SaslStep.Challenge firstChallenge();

    /** Takes the client's response, or its initial response. */
    SaslStep step(byte[] response);

    /**
     * As {@link #step}, from base64. A lone {@code =} stands for an empty initial response (RFC 4954 4, RFC 4959 3).
     * Whether a line {@code *} cancels is the protocol's business: here it is a syntax error like others.
     */
    default SaslStep stepBase64(String line) {
        if (line.length() > (MAX_RESPONSE + 2) / 3 * 4) {
            return new SaslStep.Failure(SaslStep.Reason.SYNTAX, "", "response too long");
        }
        if (line.equals("=")) {
            return step(new byte[0]);
        }
        try {
            return step(Base64.getDecoder().decode(line));
        } catch (IllegalArgumentException e) {
            return new SaslStep.Failure(SaslStep.Reason.SYNTAX, "", "not base64");
        }
    }
}
