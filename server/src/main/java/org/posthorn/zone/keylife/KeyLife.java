package org.posthorn.zone.keylife;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.directory.DkimKeyEntry;
import org.posthorn.directory.DkimKeyRing;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Domain;

/** Leads the keys of all domains through their lives, on a thread of its own. Thread-safe. */
public final class KeyLife implements Closeable {
    private static final String COMPONENT = "dkim";

    private final DkimKeyRing ring;
    private final Supplier<List<Domain>> domains;
    private final KeyPublisher publisher;
    private final KeyWatch watch;
    private final InstantSource clock;
    private final MailLog log;
    private final Map<String, String> waiting = new ConcurrentHashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile KeyLifeConfig config;
    private volatile boolean closed;

    /** @param domains whose keys are led: those without keys named in the configuration */
    public KeyLife(
            KeyLifeConfig config,
            DkimKeyRing ring,
            Supplier<List<Domain>> domains,
            KeyPublisher publisher,
            KeyWatch watch,
            InstantSource clock,
            MailLog log) {
        this.config = config;
        this.ring = ring;
        this.domains = domains;
        this.publisher = publisher;
        this.watch = watch;
        this.clock = clock;
        this.log = log;
        this.thread = Thread.ofVirtual().name("key-life").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Goes by this configuration from now on, and looks at once. */
    public void use(KeyLifeConfig next) {
        config = next;
        wake.release();
    }

    private void run() {
        while (!closed) {
            round();
            try {
                if (wake.tryAcquire(config.checkEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                    var _ = wake.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Does once what is due for every domain. */
    void round() {
        for (Domain domain : domains.get()) {
            try {
                boolean canPublish = publisher.canPublish(domain);
                for (KeyStep step : new KeySchedule(config).steps(ring.keys(domain), canPublish, clock.instant())) {
                    take(domain, step, canPublish);
                }
            } catch (IOException | RuntimeException e) {
                // The next round tries again; the other domains go on now.
                log.failure(MailLog.Level.WARNING, COMPONENT, "", "key-life-failed", e, "domain", domain);
            }
        }
    }

    private void take(Domain domain, KeyStep step, boolean canPublish) throws IOException {
        switch (step) {
            case KeyStep.Make(var algorithm) -> {
                for (DkimKeyEntry key : ring.make(domain, Set.of(algorithm))) {
                    tell(key, "key-made");
                }
                wake.release();
            }
            case KeyStep.Publish(var key) -> {
                publisher.publish(domain, key.recordName(), key.record());
                ring.published(key);
                tell(key, "key-published");
            }
            case KeyStep.Await(var key) -> await(key);
            case KeyStep.Withdraw(var key) -> {
                String record = revoked(key);
                if (canPublish) {
                    publisher.publish(domain, key.recordName(), record);
                }
                ring.withdrawn(key, record);
                tell(key, canPublish ? "key-withdrawn" : "key-withdrawn-publish-its-new-record");
            }
        }
    }

    private void await(DkimKeyEntry key) {
        switch (watch.look(key)) {
            case KeyWatch.Sighting.Seen() -> {
                waiting.remove(key.recordName());
                ring.activate(key);
                tell(key, "key-active");
            }
            case KeyWatch.Sighting.NotYet(var where) -> {
                // Said once for each reason, not at each look.
                if (!where.equals(waiting.put(key.recordName(), where))) {
                    log.info(
                            COMPONENT,
                            "",
                            "key-not-seen",
                            "domain",
                            key.domain(),
                            "selector",
                            key.selector(),
                            "where",
                            where);
                }
            }
        }
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
        if (!config.revealRetired() || Files.notExists(key.privateKey())) {
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
