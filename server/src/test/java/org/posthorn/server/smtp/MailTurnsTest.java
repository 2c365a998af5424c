package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.abuse.CpuTurns;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.LineClient;

/** Reading a long message is work that takes turns with that of others. */
class MailTurnsTest {
    @Test
    void aLongMessageWaitsForItsTurn() throws Exception {
        SmtpConfig config =
                new SmtpConfig(SmtpRole.MX, "mx.posthorn.test", 50 << 20, SmtpLimits.DEFAULT, SmtpPort.FAST);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread busy = Thread.ofPlatform().daemon().start(() -> holdAllTurns(held, release));
        held.await();
        try (SmtpPort port = new SmtpPort(config);
                LineClient client = port.client()) {
            client.play("""
                    S: 220 ...
                    C: HELO client
                    S: 250 ...
                    C: MAIL FROM:<a@example.org>
                    S: 250 ...
                    C: RCPT TO:<alice@posthorn.test>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    """);
            byte[] text = ("x".repeat(76) + "\r\n").repeat(400_000).getBytes(StandardCharsets.US_ASCII);
            Thread sender = Thread.ofPlatform().daemon().start(() -> send(client, text));
            Eventually.await(() -> CpuTurns.OF_PROCESS.waiting() > 0);
            assertThat(port.intake().taken()).isEmpty();
            release.countDown();
            sender.join();
            client.expect("250 ...");
            assertThat(port.intake().only().octets()).hasSizeGreaterThan(text.length);
        } finally {
            release.countDown();
            busy.join();
        }
    }

    private static void send(LineClient client, byte[] text) {
        try {
            client.send("Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.send(text);
            client.send(".\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void holdAllTurns(CountDownLatch held, CountDownLatch release) {
        List<CpuTurn> all = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            CpuTurn turn = CpuTurns.OF_PROCESS.begin("other", Duration.ofHours(1), () -> {});
            turn.take();
            all.add(turn);
        }
        held.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(CpuTurn::close);
    }
}
