package org.posthorn.reporting;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.posthorn.dns.Resolver;

/** Looks the names of senders up for one answer, and gives up looking once that takes too long. Used by one thread. */
public final class SenderNames implements Function<InetAddress, Optional<String>> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Resolver resolver;
    private final InstantSource clock;
    private final Instant until;

    public SenderNames(Resolver resolver, InstantSource clock) {
        this.resolver = resolver;
        this.clock = clock;
        this.until = clock.instant().plus(PATIENCE);
    }

    @Override
    public Optional<String> apply(InetAddress address) {
        return clock.instant().isAfter(until)
                ? Optional.empty()
                : resolver.ptr(address).recordsOrNone().stream().findFirst();
    }
}
