package org.posthorn.protocol.spf;

import java.time.Instant;
import org.posthorn.dns.Resolver;

/** Checks senders against the policies that their domains publish. Thread-safe. */
public final class SpfChecker {
    /**
     * The most questions that one check asks: a policy for the domain and for each of 10 terms; these terms at their dearest, each an
     * mx of 10 exchanges; the client's names once, and the text of an explanation.
     */
    public static final int MAX_QUESTIONS =
            1 + LookUps.MAX_TERMS + LookUps.MAX_TERMS * (1 + LookUps.MAX_HOSTS) + 1 + LookUps.MAX_HOSTS + 1;

    private final Resolver resolver;
    private final String receivingHost;

    /**
     * A checker.
     *
     * @param receivingHost our own name, for the macro r of explanations (RFC 7208 7.2)
     */
    public SpfChecker(Resolver resolver, String receivingHost) {
        this.resolver = resolver;
        this.receivingHost = receivingHost;
    }

    /** Blocks for the look-ups it needs, {@link #MAX_QUESTIONS} at most; never throws for what was published. */
    public SpfVerdict check(SpfQuery query, Instant now) {
        return new SpfEvaluation(resolver, receivingHost, query, now).verdict();
    }
}
