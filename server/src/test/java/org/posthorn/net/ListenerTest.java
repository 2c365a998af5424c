package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.QuietObserver;

class ListenerTest {
    private static final SessionHandler GREETER = new SessionHandler() {
        @Override
        public void serve(Connection connection) throws IOException {
            connection.out().println("220 here").flush();
        }

        @Override
        public String busyGreeting() {
            return "421 too busy\r\n";
        }
    };

    @Test
    void turnsAwayAClientThatIsNotAdmitted() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Listener.Settings settings = new Listener.Settings(
                "smtp",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                100,
                100,
                Duration.ofSeconds(10),
                Optional.empty(),
                client -> asked.incrementAndGet() == 1);
        try (Listener listener = Listener.start(settings, GREETER, new QuietObserver())) {
            assertThat(conversation(listener)).isEqualTo("220 here\r\n");
            assertThat(conversation(listener)).isEqualTo("421 too busy\r\n");
        }
    }

    private static String conversation(Listener listener) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
