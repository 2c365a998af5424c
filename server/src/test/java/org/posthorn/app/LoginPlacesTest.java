package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.testing.RecordedLog;

/** Where accounts have logged in from outlives the server, so that a restart in the middle of an attack locks nobody out. */
class LoginPlacesTest {
    private static final String ALICE = "alice@posthorn.test";

    @TempDir
    Path folder;

    private final RecordedLog log = new RecordedLog();

    /** Under attack: strangers have used up the failures that the account has. */
    private static LoginGuard guard() {
        LoginGuard guard = new LoginGuard(
                new LoginConfig(100, 2, Duration.ofDays(1), Duration.ZERO, Duration.ZERO, List.of()),
                InstantSource.system());
        for (int i = 0; i < 2; i++) {
            guard.failed(InetAddress.ofLiteral("203.0.113." + i), ALICE);
        }
        return guard;
    }

    private static InetAddress home() {
        return InetAddress.ofLiteral("192.0.2.1");
    }

    private LoginPlaces open(Path file, LoginGuard guard) {
        return new LoginPlaces(file, guard, log);
    }

    @Test
    void areThereAfterARestart() {
        Path file = folder.resolve("login-places");
        LoginGuard before = guard();
        try (LoginPlaces _ = open(file, before)) {
            before.succeeded(home(), ALICE);
        }

        LoginGuard after = guard();
        assertThat(after.admits(home(), ALICE)).isFalse();
        try (LoginPlaces _ = open(file, after)) {
            assertThat(after.admits(home(), ALICE)).isTrue();
            assertThat(after.admits(InetAddress.ofLiteral("192.0.2.2"), ALICE)).isFalse();
        }
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void areWrittenOnlyWhereThereIsSomethingNew() throws Exception {
        Path file = folder.resolve("login-places");
        try (LoginPlaces _ = open(file, guard())) {
            // Nobody logs in.
        }
        assertThat(file).doesNotExist();

        LoginGuard guard = guard();
        try (LoginPlaces places = open(file, guard)) {
            guard.succeeded(home(), ALICE);
            places.save();
            assertThat(file).hasContent(ALICE + " 192.0.2.1/32\n");
            Files.delete(file);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void areTriedAgainWhereTheyCouldNotBeWritten() throws Exception {
        Path file = folder.resolve("data/login-places");
        LoginGuard guard = guard();
        try (LoginPlaces places = open(file, guard)) {
            guard.succeeded(home(), ALICE);
            places.save();
            assertThat(log.lines()).singleElement().asString().contains("login-places-unsaved");
            Files.createDirectory(file.getParent());
        }
        assertThat(file).hasContent(ALICE + " 192.0.2.1/32\n");
    }

    @Test
    void thatCannotBeReadKeepNoServerFromStarting() throws Exception {
        Path file = Files.createDirectory(folder.resolve("login-places"));
        try (LoginPlaces _ = open(file, guard())) {
            assertThat(log.lines()).singleElement().asString().contains("login-places-unread");
        }
    }
}
