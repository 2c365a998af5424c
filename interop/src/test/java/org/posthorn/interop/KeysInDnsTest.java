package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key of a zone on two real servers: we publish it at the primary, the secondary does not hear of it, and the key signs only once
 * that one has it too.
 */
@Timeout(180)
class KeysInDnsTest {
    private static final String SECRET = "aW50ZXJvcC10ZXN0LWtleS1vZi0zMi1vY3RldHMhIQ==";
    private static final String SECONDARY = "ns2.example.org (127.0.0.2)";

    @TempDir
    Path dir;

    private final List<Process> processes = new ArrayList<>();
    private int port;

    @BeforeEach
    void startNameServers() throws Exception {
        Tool.require("knotd");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        Files.writeString(dir.resolve("example.org.zone"), """
                $ORIGIN example.org.
                $TTL 1
                @ SOA ns1 root 1 86400 3600 864000 1
                @ NS ns1
                @ NS ns2
                ns1 A 127.0.0.1
                ns2 A 127.0.0.2
                """);
        knot(1, """
                acl:
                  - id: updates
                    address: 127.0.0.1
                    key: posthorn
                    action: update
                  - id: transfers
                    address: 127.0.0.0/8
                    action: transfer
                zone:
                  - domain: example.org
                    file: %s/example.org.zone
                    acl: [updates, transfers]
                """.formatted(dir));
        // No notify: it looks for news once a day, as the SOA record says, or when it is told to.
        knot(2, """
                remote:
                  - id: primary
                    address: 127.0.0.1@%d
                zone:
                  - domain: example.org
                    master: primary
                """.formatted(port));
        for (int number : List.of(1, 2)) {
            Eventually.get(
                    "Knot " + number,
                    () -> Tool.run(
                                    "kdig",
                                    "@127.0.0." + number,
                                    "-p",
                                    "" + port,
                                    "+short",
                                    "+retry=0",
                                    "+timeout=1",
                                    "ns1.example.org",
                                    "A")
                            .output()
                            .strip(),
                    "127.0.0.1"::equals);
        }
    }

    private Path home(int number) {
        return dir.resolve("knot" + number);
    }

    private void knot(int number, String zones) throws IOException {
        Path home = Files.createDirectories(home(number));
        Files.createDirectories(home.resolve("db"));
        Path config = Files.writeString(
                home.resolve("knot.conf"),
                KnotConfig.head(home, "127.0.0." + number, port) + """
                key:
                  - id: posthorn
                    algorithm: hmac-sha256
                    secret: %2$s
                template:
                  - id: default
                    storage: %1$s
                """.formatted(home, SECRET) + zones);
        launch("knot" + number, "/usr/sbin/knotd", "-c", config.toString());
    }

    private Process launch(String name, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve(name + ".out").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private Path configure(String more) throws IOException {
        Files.writeString(dir.resolve("tsig.key"), """
                key "posthorn" {
                	algorithm hmac-sha256;
                	secret "%s";
                };
                """.formatted(SECRET));
        return Files.writeString(dir.resolve("posthorn.toml"), """
                server.hostname = "mx.example.org"
                server.data = "%1$s/data"
                listen = { smtp = ["127.0.0.1:0"], submission = [], submissions = [], imap = [], imaps = [], pop3 = [], pop3s = [], http = [] }
                dns.servers = "127.0.0.1:%2$d"
                dns.timeout = "1s"
                dns.longest-negative-ttl = "1s"
                dns.publish.provider = "rfc2136"
                dns.publish.server = "127.0.0.1:%2$d"
                dns.publish.tsig-key-file = "%1$s/tsig.key"
                dns.check.timeout = "1s"
                dkim-keys.check-every = "1s"
                dkim-keys.dns-port = %2$d
                %3$s
                """.formatted(dir, port, more));
    }

    private void startPosthorn(String more) throws Exception {
        Path config = configure(more);
        posthorn("domain", "add", "example.org").succeeded();
        Process server =
                launch("posthorn", Repository.root().resolve("posthorn").toString(), "serve", "-c", config.toString());
        Eventually.get(
                "posthorn",
                Duration.ofMinutes(2),
                () -> {
                    String output = Files.readString(dir.resolve("posthorn.out"));
                    assertThat(server.isAlive()).as(output).isTrue();
                    return output;
                },
                output -> output.contains("posthorn is ready"));
    }

    private Tool posthorn(String... words) {
        List<String> command =
                new ArrayList<>(List.of(Repository.root().resolve("posthorn").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-c", dir.resolve("posthorn.toml").toString()));
        return Tool.run(command);
    }

    private String keys() {
        return posthorn("dkim", "keys", "example.org").succeeded().output();
    }

    /** The states in the order of the keys, e.g. {@code published published}. */
    private String states() {
        return keys().lines()
                .filter(line -> line.contains("-sha256"))
                .map(line -> line.strip().split("\\s+", -1)[2])
                .reduce((one, other) -> one + " " + other)
                .orElse("");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes.reversed()) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void aKeySignsOnceTheSecondaryHasItToo() throws Exception {
        startPosthorn("");
        String waiting = Eventually.get("a look at the secondary", this::keys, keys -> keys.contains(SECONDARY));
        assertThat(waiting)
                .contains(SECONDARY + ": no TXT record -- publish the record there")
                .doesNotContain("(127.0.0.1)");
        assertThat(states()).isEqualTo("published published");
        Tool.run("/usr/sbin/knotc", "-s", home(2).resolve("knot.sock").toString(), "-b", "zone-refresh", "example.org")
                .succeeded();
        Eventually.get("both keys", this::states, "active active"::equals);
    }

    @Test
    void aDeadSecondaryIsWaitedForOnlySoLong() throws Exception {
        processes.get(1).destroy();
        processes.get(1).waitFor();
        startPosthorn("dkim-keys.patience = \"5s\"");
        Eventually.get("both keys", this::states, "active active"::equals);
        assertThat(Files.readString(dir.resolve("posthorn.out")))
                .contains("key-signs-without-silent-servers")
                .contains(SECONDARY);
    }

    @Test
    void recursionSufficesWhereTheOwnerSaysSo() throws Exception {
        startPosthorn("dkim-keys.seen-by = \"recursion\"");
        Eventually.get("both keys", this::states, "active active"::equals);
        assertThat(Tool.run("kdig", "@127.0.0.2", "-p", "" + port, "+short", "example.org", "TXT")
                        .output())
                .isBlank();
    }
}
