package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.posthorn.log.MailLog;

/**
 * What must be done for open mailboxes though nobody asks: telling the index what changed, looking whether other programs have
 * changed what idle sessions watch, dropping what is no longer used. One platform thread; its work is bounded for each round.
 */
final class MaildirMaintenance implements AutoCloseable {
    private static final long ROUND_MILLIS = 1_000;
    /** Folders looked at in a round: two stat calls each, so that ten thousand idle sessions cost no more than a few hundred. */
    private static final int LOOKS_PER_ROUND = 400;

    private static final long ROUNDS_BETWEEN_LOOKS = 3;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Supplier<Collection<Account>> accounts;
    private final MailLog log;
    private final Runnable tidy;
    private final Thread thread;
    private final Deque<Folder> toLookAt = new ArrayDeque<>();
    private long round;
    private volatile boolean stopped;

    /** @param tidy run each round after the rest */
    MaildirMaintenance(Supplier<Collection<Account>> accounts, Runnable tidy, MailLog log) {
        this.accounts = accounts;
        this.tidy = tidy;
        this.log = log;
        this.thread = Thread.ofPlatform().daemon().name("mailbox-upkeep").start(this::run);
    }

    private void run() {
        while (!stopped) {
            try {
                Thread.sleep(ROUND_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            attempt(this::save);
            round++;
            attempt(this::look);
            attempt(tidy::run);
        }
    }

    private void save() {
        for (Account account : accounts.get()) {
            attempt(() -> {
                for (Folder folder : account.folders().all()) {
                    folder.save(false);
                    folder.structures.tidy();
                    folder.headers.tidy();
                }
            });
        }
    }

    /** A step that may fail without harm to others. */
    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException | Error e) {
            log.failure(MailLog.Level.WARNING, "mailbox", "", "upkeep-failed", e);
        }
    }

    private void look() {
        if (toLookAt.isEmpty() && round % ROUNDS_BETWEEN_LOOKS == 0) {
            for (Account account : accounts.get()) {
                for (Folder folder : account.folders().all()) {
                    if (account.feed().isHeard(folder)) {
                        toLookAt.add(folder);
                    }
                }
            }
        }
        for (int i = 0; i < LOOKS_PER_ROUND && !toLookAt.isEmpty(); i++) {
            Folder folder = toLookAt.remove();
            attempt(folder::lookForOthers);
        }
    }

    /** False once the thread has ended by itself. */
    boolean alive() {
        return stopped || thread.isAlive();
    }

    /** How long a folder that nobody has open stays in memory. */
    static long idleNanos() {
        return IDLE_NANOS;
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
