package org.posthorn.intake;

import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.SmtpReply;

/** Takes mail in from a session. Thread-safe; the decisions hold no state, the session keeps the envelope. */
public interface MessageIntake {
    /** Whether a sender or recipient is taken. */
    sealed interface Decision {
        record Accept() implements Decision {}

        record Refuse(SmtpReply reply) implements Decision {}

        Decision ACCEPT = new Accept();

        static Decision refuse(int code, String status, String text) {
            return new Refuse(SmtpReply.of(code, status, text));
        }
    }

    /** Decides at MAIL FROM; empty for the null reverse-path. {@code size} is the declared one, 0 when none was. */
    Decision sender(SmtpClient client, Optional<Address> sender, long size);

    /** Decides at RCPT TO. */
    Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient);

    /** Begins the data, after at least one recipient was taken. Failures (a full disk, say) show in {@link IncomingMessage#finish}. */
    IncomingMessage begin(SmtpClient client, Envelope envelope);
}
