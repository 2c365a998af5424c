package org.posthorn.server.pop3;

import java.util.Optional;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.server.AccountLocks;

/**
 * What a session works with.
 *
 * @param locks of maildrops, which outlast a reload
 * @param tls for STLS; without it the command is not offered
 * @param guard against guessing of passwords, shared with the other protocols
 */
public record Pop3Services(
        MailboxStore store,
        SaslMechanisms sasl,
        LoginGuard guard,
        AccountLocks locks,
        Optional<TlsContext> tls,
        MailLog log) {}
