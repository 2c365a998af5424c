package org.posthorn.protocol.dkim;

import java.time.Duration;
import java.util.Optional;

/**
 * How a signer signs, apart from its keys. {@code l=} is never written: what lies behind it may be anybody's (RFC 6376 8.2).
 *
 * @param lifetime from {@code t=} to {@code x=}; without one a signature does not expire
 * @param identity {@code i=}; without one it is the domain (RFC 6376 3.5)
 */
public record SigningStyle(
        Canonicalization header, Canonicalization body, Optional<Duration> lifetime, Optional<String> identity) {
    /** What survives most transports: relaxed/relaxed, for good. */
    public static final SigningStyle RELAXED =
            new SigningStyle(Canonicalization.RELAXED, Canonicalization.RELAXED, Optional.empty(), Optional.empty());

    public SigningStyle {
        if (lifetime.filter(time -> time.toSeconds() < 1).isPresent()) {
            throw new IllegalArgumentException("a lifetime of less than a second");
        }
        if (identity.filter(i -> !i.matches("[!-~&&[^;@]]*@[!-~&&[^;@]]+")).isPresent()) {
            throw new IllegalArgumentException("not an identity: " + identity.get());
        }
    }

    String forms() {
        return header.tag() + "/" + body.tag();
    }
}
