package org.posthorn.server;

import java.time.InstantSource;
import java.util.Optional;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.intake.MessageIntake;
import org.posthorn.intake.authentication.DispositionRules;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.intake.authentication.VerdictLog;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.signing.DkimSigners;

/** What protocols can be served with, under one configuration; each takes what it needs. All of it is thread-safe. */
public interface Services {
    MailboxStore mailboxes();

    SaslMechanisms sasl();

    /** Against guessing of passwords, over all protocols. */
    LoginGuard guard();

    AccountLocks locks();

    /** For STARTTLS and its like; ports with implicit TLS have done with it before a session begins. */
    TlsContext tls();

    /** Takes mail from anywhere for our recipients. */
    MessageIntake inbound();

    /** The same of a server of ours in front, which has judged it. */
    MessageIntake behindFront();

    /** Takes mail of our users for anywhere. */
    MessageIntake submission();

    /** Who {@code <Postmaster>} without a domain is; empty while we have no domain. */
    Optional<Address> postmaster();

    /** Whether connections run short, so that idle clients should not be waited for long. */
    boolean crowded();

    DkimSigners signers();

    MessageAuthenticator authenticator();

    /** What becomes of mail that was judged. */
    DispositionRules rules();

    /**
     * Hears of mail that was judged.
     *
     * @param component who judges, for the log
     */
    VerdictLog verdicts(String component);

    InstantSource clock();

    MailLog log();
}
