package org.posthorn.app;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.log.MailLog;
import org.posthorn.storage.AtomicFiles;

/**
 * Keeps the places that accounts have logged in from over restarts, in a file of the data folder. It is written when the server stops
 * and every {@value #MINUTES} minutes if there is something new; what a crash loses is learnt again.
 */
final class LoginPlaces implements Closeable {
    private static final int MINUTES = 5;

    private final Path file;
    private final LoginGuard guard;
    private final MailLog log;
    private final Thread saver;
    private volatile boolean closed;

    LoginPlaces(Path file, LoginGuard guard, MailLog log) {
        this.file = file;
        this.guard = guard;
        this.log = log;
        read();
        saver = Thread.ofVirtual().name("login-places").start(this::saveNowAndThen);
    }

    private void read() {
        try {
            if (Files.exists(file)) {
                guard.remember(Files.readString(file, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            log.failure(MailLog.Level.WARNING, "server", "", "login-places-unread", e, "file", file);
        }
    }

    private void saveNowAndThen() {
        try {
            while (true) {
                Thread.sleep(Duration.ofMinutes(MINUTES));
                save();
            }
        } catch (InterruptedException e) {
            // The server stops, and saves once more.
        }
    }

    synchronized void save() {
        try {
            if (guard.hasNewPlaces()) {
                AtomicFiles.write(file, guard.places().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException | RuntimeException e) {
            guard.placesWereLost();
            log.failure(MailLog.Level.WARNING, "server", "", "login-places-unsaved", e, "file", file);
        }
    }

    /** False once the thread has ended by itself. */
    boolean alive() {
        return closed || saver.isAlive();
    }

    @Override
    public void close() {
        closed = true;
        saver.interrupt();
        save();
    }
}
