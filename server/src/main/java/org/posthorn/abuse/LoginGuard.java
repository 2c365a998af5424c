package org.posthorn.abuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.posthorn.mail.Network;

/**
 * Counts failed logins, over all protocols that share it, for each client network and for each account. Failures are forgotten one
 * by one as time goes by.
 *
 * <p>A client that has used up its failures is barred until one is forgotten. An account that many clients guess at takes logins from
 * where it logged in before, so that its owner is not locked out by strangers; others are turned away until failures are
 * forgotten. Exempt clients, such as a webmail on this machine, stand for many users: they are never barred as clients, and may try
 * an account that is guessed at once in a while. Whether an account exists makes no difference to any of this. Thread-safe.
 */
public final class LoginGuard {
    /** How long a login waits for its password to be looked at. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Supplier<LoginConfig> limits;
    private final InstantSource clock;
    private final DecayingCounters<Network> clients = new DecayingCounters<>();
    /** By a digest of the name: strangers choose the names. */
    private final DecayingCounters<UUID> accounts = new DecayingCounters<>();
    /** One, for an attempt that an exempt client has made at an account that is guessed at. */
    private final DecayingCounters<UUID> exemptAttempts = new DecayingCounters<>();

    /** Two passwords are checked at once, each with the memory that a hash takes. */
    private final FairQueue checks = new FairQueue(2);

    private final KnownPlaces places = new KnownPlaces();

    @GuardedBy("this")
    private boolean changed;

    public LoginGuard(LoginConfig config, InstantSource clock) {
        this(() -> config, clock);
    }

    /** @param limits asked anew each time, since a reload may change them */
    public LoginGuard(Supplier<LoginConfig> limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** Whether to refuse the client's login without looking at it. */
    public synchronized boolean isBarred(InetAddress client) {
        return !isExempt(client) && isOver(failuresOf(client), limits.get().failures());
    }

    /** One that is being forgotten still counts, or the last one would never hold anybody back. */
    private static boolean isOver(double count, int limit) {
        return count > limit - 1;
    }

    @GuardedBy("this")
    private boolean isExempt(InetAddress client) {
        return limits.get().exempt().stream().anyMatch(network -> network.contains(client));
    }

    @GuardedBy("this")
    private double failuresOf(InetAddress client) {
        return clients.left(
                Network.ofClient(client), clock.millis(), limits.get().forgetOneAfter());
    }

    /**
     * Whether to look at the client's login at this account; if not, it is to be told to try again later.
     *
     * @param account one name for all of its spellings
     */
    public synchronized boolean admits(InetAddress client, String account) {
        long now = clock.millis();
        if (!isOver(
                accounts.left(key(account), now, limits.get().forgetOneAfter()),
                limits.get().accountFailures())) {
            return true;
        }
        if (!isExempt(client)) {
            return places.has(account, Network.ofClient(client));
        }
        if (limits.get().maxDelay().isPositive()
                && exemptAttempts.left(key(account), now, limits.get().maxDelay()) > 0) {
            return false;
        }
        exemptAttempts.set(key(account), 1, now);
        return true;
    }

    /**
     * Has a password checked, which takes much memory and a processor: two at once, and client networks by turns, whatever the number of
     * sessions of each.
     *
     * @return empty where 20 seconds were not enough for all that came before
     */
    public <T> Optional<T> inTurn(InetAddress client, Supplier<T> check) {
        try {
            if (!checks.take(Network.ofClient(client).toString(), PATIENCE)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try (CpuTurn turn = CpuTurns.OF_PROCESS.begin(client)) {
            turn.take();
            return Optional.of(check.get());
        } finally {
            checks.giveBack();
        }
    }

    /** Logins whose passwords wait to be checked. */
    int waitingChecks() {
        return checks.waiting();
    }

    private static UUID key(String account) {
        return UUID.nameUUIDFromBytes(account.getBytes(StandardCharsets.UTF_8));
    }

    /** Notes a failed login at an account, existing or not; returns how long to wait before saying so. */
    public synchronized Duration failed(InetAddress client, String account) {
        long now = clock.millis();
        double ofAccount = accounts.left(key(account), now, limits.get().forgetOneAfter()) + 1;
        accounts.set(key(account), Math.min(ofAccount, limits.get().accountFailures()), now);
        double count = ofAccount;
        if (!isExempt(client)) {
            double ofClient = failuresOf(client) + 1;
            clients.set(
                    Network.ofClient(client), Math.min(ofClient, limits.get().failures()), now);
            count = Math.max(count, ofClient);
        }
        Duration delay = limits.get().delay().multipliedBy((long) count);
        return delay.compareTo(limits.get().maxDelay()) < 0
                ? delay
                : limits.get().maxDelay();
    }

    /** Notes a login: the account may come from there again, whatever strangers do. */
    public synchronized void succeeded(InetAddress client, String account) {
        Network place = Network.ofClient(client);
        if (!isExempt(client)) {
            changed |= !places.has(account, place);
            places.add(account, place);
        }
    }

    /** Clients remembered at present for their failures. */
    public synchronized int size() {
        return clients.size();
    }

    /** Whether {@link #places} gives something new since it was last asked. */
    public synchronized boolean hasNewPlaces() {
        return changed;
    }

    /** From where accounts have logged in, for {@link #remember} after a restart. */
    public synchronized String places() {
        changed = false;
        return places.text();
    }

    /** What {@link #places} gave could not be kept: {@link #hasNewPlaces} holds again. */
    public synchronized void placesWereLost() {
        changed = true;
    }

    /** Takes over what {@link #places} gave; what is damaged in it is passed over. */
    public synchronized void remember(String text) {
        places.read(text);
    }
}
