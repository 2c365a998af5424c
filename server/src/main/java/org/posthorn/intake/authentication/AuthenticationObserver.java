package org.posthorn.intake.authentication;

import java.time.Instant;
import org.posthorn.mail.Envelope;

/** Is told of every message that was judged, such as to report to the domains' owners. Thread-safe, and quick: a client waits. */
@FunctionalInterface
public interface AuthenticationObserver {
    /** Cares for nothing. */
    AuthenticationObserver NONE = (_, _, _, _) -> {};

    /** A message was judged, and this is what becomes of it. */
    void judged(Authentication authentication, Disposition disposition, Envelope envelope, Instant when);
}
