package org.posthorn.reporting;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.queue.Draft;
import org.posthorn.queue.Spool;
import org.posthorn.signing.DkimSigners;

/** Puts mails with reports into our own queue, signed by the domain that they are from. Thread-safe. */
public final class ReportMailer {
    private final Spool spool;
    private final Supplier<DkimSigners> signers;
    private final MailLog log;

    /** @param signers asked anew each time, since a reload may change them */
    public ReportMailer(Spool spool, Supplier<DkimSigners> signers, MailLog log) {
        this.spool = spool;
        this.signers = signers;
        this.log = log;
    }

    /**
     * Sends a mail; when this returns it is on stable storage.
     *
     * @throws IOException it cannot be signed or stored, and will not be delivered
     */
    void send(ReportMail mail, Address from, Address to, Instant now) throws IOException {
        // RFC 9990 3.5.2: reports must pass DMARC themselves
        String signatures = signers.get()
                .sign(from.domain(), mail.header(), mail.body(), now)
                .orElseThrow(
                        () -> new IOException("there is no DKIM key of " + from.domain() + " to sign reports with"));
        try (Draft draft = spool.begin()) {
            byte[] bytes = mail.bytes();
            draft.write(bytes, 0, bytes.length);
            // the null reverse-path: a report that cannot be delivered makes no bounce, and nobody reports about it
            draft.commit(
                    new Envelope(Optional.empty(), List.of(to), to.needsSmtpUtf8(), false),
                    signatures.getBytes(StandardCharsets.ISO_8859_1));
            log.info("reports", draft.id().text(), "report-queued", "to", to, "from", from);
        }
    }
}
