package org.posthorn.server.smtp;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.posthorn.flow.MessageIntake;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.net.TlsContext;

/**
 * What a session works with.
 *
 * @param startTls for STARTTLS; without it the extension is not offered
 * @param postmaster who {@code <Postmaster>} without a domain is
 * @param busy whether connections run short, so that waits should be short too
 */
public record SmtpServices(
        MessageIntake intake,
        Optional<TlsContext> startTls,
        Supplier<Optional<Address>> postmaster,
        BooleanSupplier busy,
        MailLog log) {}
