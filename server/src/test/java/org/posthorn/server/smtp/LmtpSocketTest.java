package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.net.Input;
import org.posthorn.net.ListenAddress;
import org.posthorn.net.Listener;
import org.posthorn.net.SocketAccess;
import org.posthorn.testing.QuietObserver;

/** LMTP on a Unix socket, which is read by this machine alone and can have no TLS. */
class LmtpSocketTest {
    @TempDir
    Path dir;

    @Test
    void offersNoTlsThatCannotBegin() throws IOException {
        Path path = dir.resolve("lmtp");
        SmtpConfig config = SmtpPort.config(SmtpRole.LMTP, SmtpLimits.DEFAULT, SmtpPort.FAST);
        try (SmtpPort port = new SmtpPort(config);
                Listener socket = Listener.start(
                        new Listener.Settings(
                                "lmtp",
                                new ListenAddress.Unix(path),
                                SocketAccess.STANDARD,
                                2,
                                2,
                                Duration.ofSeconds(10),
                                Optional.empty(),
                                _ -> true),
                        port.server(),
                        new QuietObserver());
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertThat(socket.port()).isNotPositive();
            OutputStream out = Channels.newOutputStream(client);
            Input in = new Input(Channels.newInputStream(client));
            out.write("LHLO front.example.com\r\nSTARTTLS\r\nNOOP\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(500); !line.startsWith("221"); line = in.readLine(500)) {
                lines.add(line);
            }
            assertThat(lines)
                    .contains("220 mx.posthorn.test LMTP Posthorn", "250-PIPELINING", "250 2.0.0 Ok")
                    .contains("502 5.5.1 STARTTLS is not offered")
                    .noneMatch(line -> line.endsWith("-STARTTLS"));
        }
    }
}
