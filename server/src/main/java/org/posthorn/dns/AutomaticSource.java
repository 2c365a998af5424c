package org.posthorn.dns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.xbill.DNS.Name;

/**
 * Validates once the servers have shown the signed root keys, and for ever after: nobody who can spoil answers later brings
 * us back. Until then takes the servers' word. Thread-safe.
 */
final class AutomaticSource implements LookUp.Source {
    static final Duration BETWEEN_TRIES = Duration.ofMinutes(5);

    private final Validator validator;
    private final LookUp.Source otherwise;
    private final InstantSource clock;
    private final ReentrantLock trying = new ReentrantLock();
    private volatile boolean validates;

    @GuardedBy("trying")
    private Instant nextTry = Instant.MIN;

    AutomaticSource(Validator validator, LookUp.Source otherwise, InstantSource clock) {
        this.validator = validator;
        this.otherwise = otherwise;
        this.clock = clock;
    }

    @Override
    public LookUp.Reply ask(Name name, int type) throws IOException {
        return (validates || nowValidates() ? validator : otherwise).ask(name, type);
    }

    /** Those who ask at the same time wait for the one that tries. */
    private boolean nowValidates() {
        trying.lock();
        try {
            Instant now = clock.instant();
            if (!validates && !now.isBefore(nextTry)) {
                validates = validator.reachesRoot();
                nextTry = now.plus(BETWEEN_TRIES);
            }
            return validates;
        } finally {
            trying.unlock();
        }
    }
}
