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
import java.util.EnumMap;
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
import org.posthorn.testing.Eventually;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.SelfSigned;

class PortsTest {
    private final Ports ports =
            new Ports(new TlsContext(SelfSigned.shared().server()), new QuietObserver(), InstantSource.system());

    @AfterEach
    void stop() {
        ports.stop(Duration.ZERO);
    }

    @Test
    void leavesNoNewPortOpenWhenAnotherIsTaken() throws IOException {
        InetSocketAddress old = loopback(0);
        ports.apply(listening(List.of(old), List.of()), handlers());
        int oldPort = ports.port(Service.SMTP);
        InetSocketAddress fresh = loopback(freePort());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Listening wanted = listening(List.of(old, fresh), List.of(loopback(taken.getLocalPort())));
            assertThatThrownBy(() -> ports.apply(wanted, handlers())).isInstanceOf(IOException.class);
        }
        assertThat(greeting(oldPort)).isEqualTo('2');
        assertThatThrownBy(() -> greeting(fresh.getPort()))
                .as("closed, or about to be")
                .isInstanceOf(SocketException.class);
        ports.apply(listening(List.of(old, fresh), List.of()), handlers());
        assertThat(greeting(fresh.getPort())).isEqualTo('2');
    }

    @Test
    void saysThatAPortDoesNotMove() throws Exception {
        InetSocketAddress port = loopback(freePort());
        ports.apply(listening(List.of(port), List.of()), handlers());
        for (InetSocketAddress wish : List.of(port, new InetSocketAddress(port.getPort()))) {
            assertThatThrownBy(() -> ports.apply(listening(List.of(), List.of(wish)), handlers()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(
                            "for submission: listen.smtp has its port now",
                            "reload without it first and then with it, or restart");
            assertThat(greeting(port.getPort())).isEqualTo('2');
        }
        ports.apply(listening(List.of(), List.of()), handlers());
        Eventually.await(() -> isApplied(listening(List.of(), List.of(port))));
        assertThat(ports.port(Service.SUBMISSION)).isEqualTo(port.getPort());
    }

    @Test
    void theMilterHasLimitsOfItsOwn() {
        InetAddress mta = InetAddress.ofLiteral("192.0.2.1");
        ListenAddress anywhere = new ListenAddress.Tcp(loopback(0));
        Listening listening = listening(List.of(), List.of());
        Listener.Settings smtp = ports.settings(Service.SMTP, anywhere, listening);
        assertThat(smtp.maxConnections()).isEqualTo(100);
        assertThat(smtp.admission().test(mta)).isTrue();
        assertThat(smtp.admission().test(mta)).as("one a minute").isFalse();
        Listener.Settings milter = ports.settings(Service.MILTER, anywhere, listening);
        assertThat(milter.maxConnections()).isEqualTo(20);
        assertThat(milter.maxConnectionsPerClient()).isEqualTo(10);
        assertThat(milter.admission().test(mta)).isTrue();
    }

    /** The system gives a closed port back once its acceptor has noticed. */
    private boolean isApplied(Listening listening) {
        try {
            ports.apply(listening, handlers());
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
                smtp,
                submission,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                SocketAccess.STANDARD,
                Optional.empty(),
                100,
                100,
                20,
                10,
                1,
                100,
                25,
                25,
                Duration.ofMinutes(5));
    }

    private static Map<Service, SessionHandler> handlers() {
        Map<Service, SessionHandler> handlers = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            handlers.put(service, new Greeter());
        }
        return handlers;
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
