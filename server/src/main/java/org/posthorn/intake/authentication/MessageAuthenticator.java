package org.posthorn.intake.authentication;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Address;
import org.posthorn.protocol.dmarc.DmarcChecker;
import org.posthorn.protocol.dmarc.PublicSuffixList;
import org.posthorn.protocol.spf.SpfChecker;

/** Finds out where messages come from. Thread-safe. */
public final class MessageAuthenticator {
    /** Look-ups that are under way at a time; a message begins about five. */
    static final int MAX_PENDING = 2000;

    final Resolver resolver;
    final SpfChecker spf;
    final DmarcChecker dmarc;
    final InstantSource clock;
    final Duration patience;
    final Semaphore room = new Semaphore(MAX_PENDING);

    /**
     * An authenticator.
     *
     * @param hostname ours
     * @param patience for all look-ups of a message together, from the end of the message
     * @param byList whether organizational domains are those of the public suffix list, as in RFC 7489
     */
    public MessageAuthenticator(
            Resolver resolver, String hostname, Duration patience, boolean byList, InstantSource clock) {
        this.resolver = resolver;
        this.spf = new SpfChecker(resolver, hostname);
        this.dmarc = byList ? DmarcChecker.withList(resolver, PublicSuffixList.bundled()) : new DmarcChecker(resolver);
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * Begins with a message; look-ups start now.
     *
     * @param helo as it was given, "" where it was not
     */
    public MessageAuthentication begin(InetAddress client, String helo, Optional<Address> mailFrom) {
        return new MessageAuthentication(this, client, helo, mailFrom);
    }
}
