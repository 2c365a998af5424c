package org.posthorn.protocol.dsn;

import java.util.List;
import java.util.Optional;
import org.posthorn.protocol.smtp.EnhancedStatus;

/** Whether a machine wrote a message because of another one, and what it says of it. */
public sealed interface AutomaticMail {
    /**
     * A message was not delivered, is late, or was delivered and somebody wanted to know.
     *
     * @param standard it has status fields (RFC 3464); otherwise it is known by the signs of the software that sends such mail
     * @param reportingMta who says so, without the type of the name
     * @param recipients as far as they can be made out
     */
    record Bounce(boolean standard, Optional<String> reportingMta, List<Recipient> recipients)
            implements AutomaticMail {
        public Bounce {
            recipients = List.copyOf(recipients);
        }
    }

    /** A report about a message in the Abuse Reporting Format (RFC 5965). */
    record Complaint() implements AutomaticMail {}

    /** Any other answer or notice of a machine (RFC 3834). */
    record AutoReply(String sign) implements AutomaticMail {}

    /** Nothing shows that a machine wrote it. */
    record Ordinary(String reason) implements AutomaticMail {}

    /**
     * What a bounce says of one recipient (RFC 3464 2.3). Texts are at most 1,000 characters.
     *
     * @param address without the type of the address
     * @param original the address that the sender wrote, where it is another one
     * @param remoteMta the server that was talked to
     * @param diagnostic its words; "" for none
     */
    record Recipient(
            String address,
            Optional<String> original,
            Action action,
            Optional<EnhancedStatus> status,
            Optional<String> remoteMta,
            String diagnostic) {}

    /** RFC 3464 2.3.3. */
    enum Action {
        FAILED,
        DELAYED,
        DELIVERED,
        RELAYED,
        EXPANDED,
        /** Not said, or in no known word. */
        UNKNOWN
    }
}
