package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.ConfigException;
import org.posthorn.config.Section;
import org.posthorn.net.SessionHandler;
import org.posthorn.server.Port;
import org.posthorn.server.Protocol;
import org.posthorn.server.Services;

/** Plugs a protocol in that the program does not have: all there is of it is this class and an entry in a list. */
class ProtocolsTest {
    private static final Port PORT = Port.of("daytime", 13);

    private record DaytimeProtocol() implements Protocol<String> {
        @Override
        public List<Port> ports() {
            return List.of(PORT);
        }

        @Override
        public String read(Section root) {
            return root.section("daytime").text("format", "it is ");
        }

        @Override
        public Map<Port, SessionHandler> handlers(String format, Services services) {
            return Map.of(
                    PORT,
                    connection -> connection
                            .out()
                            .println(format + services.clock().instant())
                            .flush());
        }
    }

    private static final List<Protocol<?>> WITH_ONE_MORE = Stream.concat(
                    Protocols.ALL.stream(), Stream.of(new DaytimeProtocol()))
            .toList();

    @TempDir
    Path dir;

    private Path configure(String more) throws IOException {
        StringBuilder toml = new StringBuilder("server.hostname = \"mx.posthorn.test\"\nserver.data = \"" + dir
                + "/data\"\nlog.file = \"" + dir + "/mail.log\"\n");
        for (Port port : Protocols.ports(WITH_ONE_MORE)) {
            toml.append("listen.").append(port).append(port.equals(PORT) ? " = \"127.0.0.1:0\"\n" : " = []\n");
        }
        return Files.writeString(dir.resolve("posthorn.toml"), toml + more);
    }

    private static String ask(Server server) throws IOException {
        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), server.ports().number("daytime"))) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void oneEntryInTheListPlugsAProtocolIn() throws Exception {
        Path file = configure("daytime.format = \"now: \"\n");
        Configuration configuration = Configuration.read(file, WITH_ONE_MORE);
        assertThat(configuration.listen().sockets(PORT)).hasSize(1);
        try (Server server = Server.start(file, configuration)) {
            assertThat(ask(server)).startsWith("now: 20");
            configure("");
            assertThat(server.reload()).isEmpty();
            assertThat(ask(server)).startsWith("it is 20");
        }
    }

    @Test
    void itsKeysAreUnknownWithoutIt() throws Exception {
        Path file = configure("daytime.format = \"now: \"\n");
        assertThat(catchThrowableOfType(ConfigException.class, () -> Configuration.read(file))
                        .complaints())
                .anyMatch(line -> line.contains("listen.daytime: unknown key"))
                .anyMatch(line -> line.contains("daytime: unknown key"));
    }
}
