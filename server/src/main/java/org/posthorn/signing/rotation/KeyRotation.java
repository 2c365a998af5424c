package org.posthorn.signing.rotation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyRing;

/** Rotates DKIM keys: makes, publishes, activates and withdraws them when it is time, on a thread of its own. Thread-safe. */
public final class KeyRotation implements Closeable {
    private static final String COMPONENT = "dkim";

    private final Supplier<RotationConfig> config;
    private final DkimKeyRing ring;
    private final Supplier<List<Domain>> domains;
    private final KeyPublisher publisher;
    private final PropagationCheck watch;
    private final InstantSource clock;
    private final MailLog log;
    private final Map<String, Wait> waiting = new ConcurrentHashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    /** What keeps a key from signing. */
    private enum Lack {
        /** Its record could not be put into DNS. */
        PUBLICATION,
        /** A server does not have its record. */
        RECORD,
        /** A server does not answer. */
        ANSWER
    }

    /**
     * Why a key does not sign yet.
     *
     * @param where servers and what they lack, or that they do not answer
     * @param since when it has lacked this, so that patience can end
     * @param warned that it has lasted long
     */
    private record Wait(Lack lack, List<String> where, Instant since, boolean warned) {}

    /**
     * @param config asked anew each time, since a reload may change it
     * @param domains whose keys are rotated: those without keys named in the configuration
     */
    public KeyRotation(
            Supplier<RotationConfig> config,
            DkimKeyRing ring,
            Supplier<List<Domain>> domains,
            KeyPublisher publisher,
            PropagationCheck watch,
            InstantSource clock,
            MailLog log) {
        this.config = config;
        this.ring = ring;
        this.domains = domains;
        this.publisher = publisher;
        this.watch = watch;
        this.clock = clock;
        this.log = log;
        this.thread = Thread.ofVirtual().name("key-rotation").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** False once the thread has ended by itself. */
    public boolean alive() {
        return closed || thread.getState() == Thread.State.NEW || thread.isAlive();
    }

    /** Looks at once whether something is to be done, as when the configuration has changed. */
    public void look() {
        wake.release();
    }

    private void run() {
        while (!closed) {
            try {
                round();
            } catch (RuntimeException | Error e) {
                log.failure(MailLog.Level.ERROR, COMPONENT, "", "key-rotation-failed", e);
            }
            try {
                if (wake.tryAcquire(config.get().checkEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                    var _ = wake.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Does once what is due for every domain. */
    void round() {
        Set<String> awaited = new HashSet<>();
        for (Domain domain : domains.get()) {
            try {
                boolean canPublish = publisher.canPublish(domain);
                List<DkimKeyEntry> keys = ring.keys(domain);
                keys.forEach(key -> awaited.add(key.recordName()));
                for (RotationStep step : new RotationSchedule(config.get()).steps(keys, canPublish, clock.instant())) {
                    take(domain, step, canPublish);
                }
            } catch (IOException | RuntimeException e) {
                // The next round tries again; the other domains go on now.
                log.failure(MailLog.Level.WARNING, COMPONENT, "", "key-rotation-failed", e, "domain", domain);
            }
        }
        // Keys that are gone, or whose domain is.
        waiting.keySet().retainAll(awaited);
    }

    private void take(Domain domain, RotationStep step, boolean canPublish) throws IOException {
        switch (step) {
            case RotationStep.Make(var algorithm) -> {
                for (DkimKeyEntry key : ring.make(domain, Set.of(algorithm))) {
                    tell(key, "key-made");
                }
                wake.release();
            }
            case RotationStep.Publish(var key) -> {
                try {
                    publisher.publish(domain, key.recordName(), key.record());
                } catch (IOException e) {
                    waitFor(key, Lack.PUBLICATION, List.of("its record could not be published: " + e.getMessage()));
                    throw e;
                }
                ring.published(key);
                tell(key, "key-published");
            }
            case RotationStep.Await(var key) -> await(key);
            case RotationStep.Withdraw(var key) -> {
                String record = revoked(key);
                if (canPublish) {
                    publisher.publish(domain, key.recordName(), record);
                }
                ring.withdrawn(key, record);
                tell(key, canPublish ? "key-withdrawn" : "key-withdrawn-publish-its-new-record");
            }
        }
    }

    /** What a key waits for, and what can be done about it, in words; of a key that has not been looked for, that. */
    public String waitsFor(DkimKeyEntry key) {
        Wait wait = waiting.get(key.recordName());
        if (wait == null) {
            return "the first look into DNS";
        }
        return String.join("; ", wait.where()) + " -- " + mend(wait);
    }

    private String mend(Wait wait) {
        return switch (wait.lack()) {
            case PUBLICATION ->
                "see to what the DNS provider says, or publish the record by hand; it is tried again at every look";
            case RECORD ->
                "publish the record there, or see why that server does not follow the primary; posthorn dkim activate signs regardless";
            case ANSWER ->
                "have these servers answer, or remove their NS records; all others show the record, and it signs without them from "
                        + wait.since().plus(config.get().patience()).truncatedTo(ChronoUnit.SECONDS);
        };
    }

    private void await(DkimKeyEntry key) {
        switch (watch.look(key)) {
            case PropagationCheck.Sighting.Seen() -> activate(key);
            case PropagationCheck.Sighting.Missing(var where) -> waitFor(key, Lack.RECORD, where);
            case PropagationCheck.Sighting.Silent(var servers) -> {
                Wait wait = waitFor(key, Lack.ANSWER, servers);
                // Resolvers pass over a dead server too; one that answers without the record is never passed over.
                if (!clock.instant().isBefore(wait.since().plus(config.get().patience()))) {
                    log.warning(
                            COMPONENT,
                            "",
                            "key-signs-without-silent-servers",
                            "domain",
                            key.domain(),
                            "selector",
                            key.selector(),
                            "where",
                            String.join("; ", servers));
                    activate(key);
                }
            }
        }
    }

    private void activate(DkimKeyEntry key) {
        waiting.remove(key.recordName());
        ring.activate(key);
        tell(key, "key-active");
    }

    /** Remembers since when; said once for each reason, not at each look, and once more when patience is over. */
    private Wait waitFor(DkimKeyEntry key, Lack lack, List<String> where) {
        Instant now = clock.instant();
        Wait before = waiting.get(key.recordName());
        boolean warned;
        Instant since;
        if (before != null && before.lack() == lack) {
            since = before.since();
            warned = before.warned();
        } else {
            since = now;
            warned = false;
        }
        boolean late = !now.isBefore(since.plus(config.get().patience()));
        Wait wait = new Wait(lack, List.copyOf(where), since, warned || late);
        waiting.put(key.recordName(), wait);
        Object[] fields = {
            "domain", key.domain(), "selector", key.selector(), "where", String.join("; ", where), "mend", mend(wait)
        };
        if (late && !warned && lack != Lack.ANSWER) {
            log.warning(COMPONENT, "", "key-still-not-seen", fields);
        } else if (before == null || !before.where().equals(wait.where())) {
            log.info(COMPONENT, "", "key-not-seen", fields);
        }
        return wait;
    }

    private void tell(DkimKeyEntry key, String event) {
        log.info(COMPONENT, "", event, "domain", key.domain(), "selector", key.selector());
    }

    /**
     * RFC 6376 3.6.1: an empty p= says that the key is revoked. n= is for notes to people; with the private key there anyone
     * could have made the old signatures, so none of them proves anything any more. The {@code =} of Base64 is written as
     * the quoted-printable of that tag demands.
     */
    private String revoked(DkimKeyEntry key) throws IOException {
        String record = "v=DKIM1; k=" + key.algorithm().keyType() + "; p=";
        if (!config.get().revealRetired() || Files.notExists(key.privateKey())) {
            return record;
        }
        byte[] pkcs8 = PrivateKeys.parse(Files.readString(key.privateKey())).getEncoded();
        return record + "; n=retired, private key (PKCS#8): "
                + Base64.getEncoder().encodeToString(pkcs8).replace("=", "=3D");
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            // A publisher's request in flight is not worth waiting for: the step is done again at the next start.
            thread.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
