package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.log.Metrics;
import org.posthorn.net.Listener;
import org.posthorn.testing.RecordedLog;

class ConnectionLogTest {
    private Instant now = Instant.parse("2026-11-30T03:00:00Z");
    private final RecordedLog log = new RecordedLog();
    private final ConnectionLog connections = new ConnectionLog(log, new Metrics(), () -> now);

    private static Listener.Settings settings(String name) {
        return new Listener.Settings(
                name,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                1,
                1,
                Duration.ofSeconds(1),
                Optional.empty(),
                client -> true);
    }

    @Test
    void tellsEveryTenSecondsThatConnectionsCannotBeTaken() {
        IOException cause = new IOException("Too many open files");
        for (int i = 0; i < 100; i++) {
            connections.acceptFailed(settings("smtp"), cause);
            connections.acceptFailed(settings("imap"), cause);
            now = now.plusMillis(100);
        }
        assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("Too many open files"));
        assertThat(log.lines().getFirst()).contains("accept-failed", "smtp", "LimitNOFILE");
        connections.acceptFailed(settings("smtp"), cause);
        assertThat(log.lines()).hasSize(3);
        now = now.minus(Duration.ofDays(1));
        connections.acceptFailed(settings("smtp"), cause);
        assertThat(log.lines()).as("the clock was set back").hasSize(4);
    }
}
