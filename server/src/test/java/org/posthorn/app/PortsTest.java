package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.net.Connection;
import org.posthorn.net.ListenAddress;
import org.posthorn.net.Listener;
import org.posthorn.net.SessionHandler;
import org.posthorn.net.SocketAccess;
import org.posthorn.net.TlsContext;
import org.posthorn.server.Port;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.SelfSigned;

class PortsTest {
    private static final Port SMTP = Port.of("smtp", 25);
    private static final Port SUBMISSION = Port.of("submission", 587);
    private static final Port MILTER = Port.forMtas("milter", 8891, new Port.Limits(1, 1));

    private final Ports ports = new Ports(
            List.of(SMTP, SUBMISSION, MILTER), _ -> new Greeter(), new QuietObserver(), InstantSource.system());

    private void apply(Listening listening) throws IOException {
        ports.prepare(listening).commit(new TlsContext(SelfSigned.shared().server()));
    }

    @AfterEach
    void stop() {
        ports.stop(Duration.ZERO);
    }

    @Test
    void leavesNoNewPortOpenWhenAnotherIsTaken() throws IOException {
        InetSocketAddress old = loopback(0);
        apply(listening(List.of(old), List.of()));
        int oldPort = ports.number("smtp");
        InetSocketAddress fresh = loopback(freePort());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Listening wanted = listening(List.of(old, fresh), List.of(loopback(taken.getLocalPort())));
            assertThatThrownBy(() -> apply(wanted)).isInstanceOf(IOException.class);
        }
        assertThat(greeting(oldPort)).isEqualTo('2');
        assertThatThrownBy(() -> greeting(fresh.getPort()))
                .as("closed, or about to be")
                .isInstanceOf(SocketException.class);
        apply(listening(List.of(old, fresh), List.of()));
        assertThat(greeting(fresh.getPort())).isEqualTo('2');
    }

    @Test
    void saysThatAPortDoesNotMove() throws Exception {
        InetSocketAddress port = loopback(freePort());
        apply(listening(List.of(port), List.of()));
        for (InetSocketAddress wish : List.of(port, new InetSocketAddress(port.getPort()))) {
            assertThatThrownBy(() -> apply(listening(List.of(), List.of(wish))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(
                            "for submission: listen.smtp has its port now",
                            "reload without it first and then with it, or restart");
            assertThat(greeting(port.getPort())).isEqualTo('2');
        }
        apply(listening(List.of(), List.of()));
        Eventually.await(() -> isApplied(listening(List.of(), List.of(port))));
        assertThat(ports.number("submission")).isEqualTo(port.getPort());
    }

    @Test
    void theMilterHasLimitsOfItsOwn() {
        InetAddress mta = InetAddress.ofLiteral("192.0.2.1");
        ListenAddress anywhere = new ListenAddress.Tcp(loopback(0));
        Listening listening = listening(List.of(), List.of());
        Listener.Settings smtp = ports.settings(SMTP, anywhere, listening, Optional.empty());
        assertThat(smtp.maxConnections()).isEqualTo(100);
        assertThat(smtp.admission().test(mta)).isTrue();
        assertThat(smtp.admission().test(mta)).as("one a minute").isFalse();
        Listener.Settings milter = ports.settings(MILTER, anywhere, listening, Optional.empty());
        assertThat(milter.maxConnections()).isEqualTo(20);
        assertThat(milter.maxConnectionsPerClient()).isEqualTo(10);
        assertThat(milter.admission().test(mta)).isTrue();
    }

    /** The system gives a closed port back once its acceptor has noticed. */
    private boolean isApplied(Listening listening) {
        try {
            apply(listening);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int greeting(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return client.getInputStream().read();
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static Listening listening(List<InetSocketAddress> smtp, List<InetSocketAddress> submission) {
        return new Listening(
                Map.of(SMTP, addresses(smtp), SUBMISSION, addresses(submission)),
                Map.of(SMTP, new Port.Limits(100, 100), MILTER, new Port.Limits(20, 10)),
                SocketAccess.STANDARD,
                1,
                100,
                25,
                25,
                Duration.ofMinutes(5));
    }

    private static List<ListenAddress> addresses(List<InetSocketAddress> sockets) {
        return sockets.stream().<ListenAddress>map(ListenAddress.Tcp::new).toList();
    }

    private static final class Greeter implements SessionHandler {
        @Override
        public void serve(Connection connection) throws IOException {
            connection.out().println("220 here").flush();
        }

        @Override
        public String busyGreeting() {
            return "421 busy\r\n";
        }
    }
}
