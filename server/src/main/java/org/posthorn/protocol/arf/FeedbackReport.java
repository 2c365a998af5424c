package org.posthorn.protocol.arf;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Headers;

/**
 * What a feedback report says (RFC 5965 3, RFC 6591 3, RFC 9991 4).
 *
 * @param authenticationResults as they stand there, on one line each
 * @param incidents how many messages it stands for, at least 1
 * @param originalMailFrom with its angle brackets where it has them
 * @param arrived when the message came in, by Arrival-Date or the older Received-Date
 * @param reportingMta the name without its type
 * @param authFailure what failed; only of {@link Type#AUTH_FAILURE}
 * @param deliveryResult what became of the message, in the words of RFC 6591 3.2.2; empty where it is not said
 * @param identityAlignment which of spf and dkim are not aligned (RFC 9991 4); empty where it is not said
 * @param original the header of the message that it is about, as far as the report has it
 */
public record FeedbackReport(
        Type type,
        String userAgent,
        List<String> authenticationResults,
        long incidents,
        Optional<String> originalEnvelopeId,
        Optional<String> originalMailFrom,
        List<String> originalRecipients,
        Optional<Instant> arrived,
        Optional<String> reportingMta,
        Optional<InetAddress> source,
        List<String> reportedDomains,
        List<String> reportedUris,
        Optional<AuthFailure> authFailure,
        Optional<String> deliveryResult,
        Optional<String> identityAlignment,
        Optional<String> dkimDomain,
        Optional<String> dkimSelector,
        Optional<String> dkimIdentity,
        Optional<String> spfRecord,
        Optional<Headers> original) {
    /** RFC 5965 7.3 and RFC 6591 3.1. */
    public enum Type {
        ABUSE("abuse"),
        AUTH_FAILURE("auth-failure"),
        FRAUD("fraud"),
        NOT_SPAM("not-spam"),
        VIRUS("virus"),
        OTHER("other");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** As reports write it. */
        public String word() {
            return word;
        }
    }

    /** RFC 6591 3.3, RFC 9991 4. */
    public enum AuthFailure {
        ADSP("adsp"),
        BODY_HASH("bodyhash"),
        DMARC("dmarc"),
        REVOKED("revoked"),
        SIGNATURE("signature"),
        SPF("spf");

        private final String word;

        AuthFailure(String word) {
            this.word = word;
        }

        /** As reports write it. */
        public String word() {
            return word;
        }
    }

    public FeedbackReport {
        authenticationResults = List.copyOf(authenticationResults);
        originalRecipients = List.copyOf(originalRecipients);
        reportedDomains = List.copyOf(reportedDomains);
        reportedUris = List.copyOf(reportedUris);
    }
}
