package org.posthorn.server.smtp;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.intake.MessageIntake;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;

/**
 * What a session works with.
 *
 * @param startTls for STARTTLS; without it the extension is not offered
 * @param sasl for AUTH on submission ports; not asked on others
 * @param guard against guessing of passwords, shared with the other protocols
 * @param postmaster who {@code <Postmaster>} without a domain is
 * @param busy whether connections run short, so that waits should be short too
 */
public record SmtpServices(
        MessageIntake intake,
        Optional<TlsContext> startTls,
        Optional<SaslMechanisms> sasl,
        LoginGuard guard,
        Supplier<Optional<Address>> postmaster,
        BooleanSupplier busy,
        MailLog log) {}
