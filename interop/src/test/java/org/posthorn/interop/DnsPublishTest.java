package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What we print loads in real name servers, and what we publish by dynamic update arrives there, and nothing else is touched. */
@Timeout(180)
class DnsPublishTest {
    private static final String SECRET = "aW50ZXJvcC10ZXN0LWtleS1vZi0zMi1vY3RldHMhIQ==";
    private static final String WRONG = "d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmchbg==";

    @TempDir
    Path dir;

    private Process server;
    private int port;
    private Path config;

    /** The servers that take updates. */
    enum Kind {
        KNOT("knotd"),
        BIND("named");

        private final String program;

        Kind(String program) {
            this.program = program;
        }
    }

    @BeforeEach
    void writeConfiguration() throws Exception {
        Tool.require("kdig");
        port = freePort();
        writeKey(SECRET);
        config = Files.writeString(dir.resolve("posthorn.toml"), """
                server.hostname = "mx.example.org"
                server.data = "%1$s/data"
                dns.servers = "127.0.0.1:%2$d"
                dns.timeout = "500ms"
                [dns.publish]
                addresses = ["192.0.2.25", "2001:db8::25"]
                mta-sts = "testing"
                caa-issuers = ["ca.example.net"]
                autoconfig = true
                provider = "rfc2136"
                server = "127.0.0.1:%2$d"
                tsig-key-file = "%1$s/tsig.key"
                reverse-zones = ["2.0.192.in-addr.arpa"]
                """.formatted(dir, port));
        posthorn("domain", "add", "example.org").succeeded();
    }

    private void writeKey(String secret) throws IOException {
        Files.writeString(dir.resolve("tsig.key"), """
                key "posthorn" {
                	algorithm hmac-sha256;
                	secret "%s";
                };
                """.formatted(secret));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Tool posthorn(String... words) {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("posthorn").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("-c", config.toString()));
        return Tool.run(command);
    }

    private Tool publish(String... options) {
        List<String> words =
                new ArrayList<>(List.of("dns", "publish", "example.org", "--dns-port", String.valueOf(port)));
        words.addAll(List.of(options));
        return posthorn(words.toArray(String[]::new));
    }

    private void start(Kind kind) throws Exception {
        Tool.require(kind.program);
        String program = Stream.of("/usr/sbin/", "/usr/bin/", "/usr/local/sbin/")
                .map(folder -> folder + kind.program)
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElseThrow();
        Files.writeString(dir.resolve("example.org.zone"), """
                $ORIGIN example.org.
                $TTL 60
                @ SOA ns root 1 3600 600 86400 60
                @ NS ns
                ns A 127.0.0.1
                www A 192.0.2.80
                @ A 192.0.2.80
                @ TXT "site-verification=" "foreign"
                _dmarc TXT "v=DMARC1; p=none; rua=mailto:postmaster@example.org; pct=100"
                s9._domainkey TXT "v=DKIM1; p=" "foreign"
                """);
        Files.writeString(dir.resolve("reverse.zone"), """
                $ORIGIN 2.0.192.in-addr.arpa.
                $TTL 60
                @ SOA ns.example.org. root.example.org. 1 3600 600 86400 60
                @ NS ns.example.org.
                25 PTR old.example.org.
                26 PTR other.example.org.
                """);
        // Knot keeps its journal there and does not make the folder.
        Files.createDirectories(dir.resolve("db"));
        Files.writeString(dir.resolve("server.conf"), kind == Kind.KNOT ? knot() : bind());
        List<String> command = kind == Kind.KNOT
                ? List.of(program, "-c", dir.resolve("server.conf").toString())
                : List.of(
                        program,
                        "-f",
                        "-4",
                        "-n",
                        "1",
                        "-p",
                        String.valueOf(port),
                        "-c",
                        dir.resolve("server.conf").toString());
        server = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("server.log").toFile())
                .start();
        Eventually.get(
                "an answer of " + kind,
                () -> {
                    assertThat(server.isAlive())
                            .as(Files.readString(dir.resolve("server.log")))
                            .isTrue();
                    return dig("www.example.org", "A");
                },
                answer -> answer.equals("192.0.2.80"));
    }

    private String knot() {
        return KnotConfig.head(dir, "127.0.0.1", port) + """
                key:
                  - id: posthorn
                    algorithm: hmac-sha256
                    secret: %2$s
                acl:
                  - id: updates
                    address: 127.0.0.1
                    key: posthorn
                    action: update
                zone:
                  - domain: example.org
                    file: %1$s/example.org.zone
                    acl: updates
                  - domain: 2.0.192.in-addr.arpa
                    file: %1$s/reverse.zone
                    acl: updates
                """.formatted(dir, SECRET);
    }

    private String bind() {
        return """
                options {
                  directory "%1$s";
                  listen-on port %2$d { 127.0.0.1; };
                  listen-on-v6 { none; };
                  pid-file "%1$s/named.pid";
                  session-keyfile "%1$s/session.key";
                  recursion no;
                  dnssec-validation no;
                };
                controls { };
                key "posthorn" { algorithm hmac-sha256; secret "%3$s"; };
                zone "example.org" {
                  type primary;
                  file "%1$s/example.org.zone";
                  update-policy { grant posthorn zonesub ANY; };
                };
                zone "2.0.192.in-addr.arpa" {
                  type primary;
                  file "%1$s/reverse.zone";
                  update-policy { grant posthorn zonesub ANY; };
                };
                """.formatted(dir, port, SECRET);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            server.destroy();
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    private String dig(String name, String type) {
        return Tool.run(
                        "kdig",
                        "@127.0.0.1",
                        "-p",
                        String.valueOf(port),
                        "+short",
                        "+tcp",
                        "+retry=0",
                        "+timeout=1",
                        name,
                        type)
                .output()
                .strip();
    }

    @ParameterizedTest
    @EnumSource
    void publishesAndLeavesForeignRecordsAlone(Kind kind) throws Exception {
        start(kind);
        Tool dry = posthorn("dns", "publish", "example.org", "--dry-run");
        assertThat(dry.exit()).as(dry.output()).isEqualTo(5);
        assertThat(dig("example.org", "MX")).isEmpty();

        // The foreign DMARC record has a tag that we would not write.
        Tool published = publish("--yes");
        assertThat(published.exit()).as(published.output()).isEqualTo(3);
        assertThat(published.output()).contains("! _dmarc.example.org.").contains("--replace dmarc");
        assertThat(dig("example.org", "MX")).isEqualTo("10 mx.example.org.");
        assertThat(dig("mx.example.org", "AAAA")).isEqualTo("2001:db8::25");
        assertThat(dig("example.org", "TXT"))
                .contains("\"v=spf1 a:mx.example.org ~all\"")
                .contains("\"site-verification=\" \"foreign\"");
        assertThat(dig("_imaps._tcp.example.org", "SRV")).isEqualTo("0 1 993 mx.example.org.");
        assertThat(dig("mx.example.org", "CAA")).isEqualTo("0 issue \"ca.example.net\"");
        assertThat(dig("_pop3._tcp.example.org", "SRV")).isEqualTo("30 1 110 mx.example.org.");
        assertThat(dig("www.example.org", "A")).isEqualTo("192.0.2.80");
        assertThat(dig("example.org", "A")).isEqualTo("192.0.2.80");
        assertThat(dig("s9._domainkey.example.org", "TXT")).isEqualTo("\"v=DKIM1; p=\" \"foreign\"");
        assertThat(dig("_dmarc.example.org", "TXT")).contains("pct=100");

        Tool told = publish("--yes", "--replace", "dmarc");
        assertThat(told.exit()).as(told.output()).isEqualTo(0);
        assertThat(told.output()).contains("- _dmarc.example.org.");
        assertThat(dig("_dmarc.example.org", "TXT"))
                .isEqualTo("\"v=DMARC1; p=none; rua=mailto:postmaster@example.org\"");

        Tool second = posthorn("dns", "publish", "example.org", "--yes");
        assertThat(second.exit()).as(second.output()).isEqualTo(0);
        assertThat(second.output()).contains("Nothing to publish.");
    }

    @ParameterizedTest
    @EnumSource
    void setsTheNameOfItsAddressInItsOwnReverseZone(Kind kind) throws Exception {
        start(kind);
        Tool published = publish("--yes", "--replace", "dmarc");
        assertThat(published.exit()).as(published.output()).isEqualTo(0);
        assertThat(published.output())
                .contains("192.0.2.25 resolves to mx.example.org, no more to old.example.org")
                .containsPattern("To be done elsewhere:\\n +5\\.2\\.0\\.0\\..*ip6\\.arpa");
        assertThat(dig("25.2.0.192.in-addr.arpa", "PTR")).isEqualTo("mx.example.org.");
        assertThat(dig("26.2.0.192.in-addr.arpa", "PTR")).isEqualTo("other.example.org.");
    }

    @ParameterizedTest
    @EnumSource
    void removesWhatItHasPublishedWhenItIsNotWantedAnyMore(Kind kind) throws Exception {
        start(kind);
        assertThat(publish("--yes", "--replace", "dmarc").exit()).isEqualTo(0);
        assertThat(dig("_mta-sts.example.org", "TXT")).contains("v=STSv1");
        String before = Files.readString(config);
        Files.writeString(config, before.replace("mta-sts = \"testing\"\n", ""));
        Tool plan = publish("--dry-run");
        assertThat(plan.output())
                .contains("- _mta-sts.example.org.")
                .contains("Posthorn published it, and it is not wanted any more.");
        Tool removed = publish("--yes");
        assertThat(removed.exit()).as(removed.output()).isEqualTo(0);
        assertThat(dig("_mta-sts.example.org", "TXT")).isEmpty();
        assertThat(dig("s9._domainkey.example.org", "TXT")).as("another's").contains("foreign");
        assertThat(dig("mta-sts.example.org", "CNAME")).as("may serve more").isEqualTo("mx.example.org.");
    }

    @ParameterizedTest
    @EnumSource
    void saysThatTheKeyIsWrong(Kind kind) throws Exception {
        start(kind);
        writeKey(WRONG);
        Tool refused = posthorn("dns", "publish", "example.org", "--yes");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.output())
                .contains("the TSIG key is not the one that the server knows")
                .doesNotContain(WRONG);
        assertThat(dig("example.org", "MX")).isEmpty();
    }

    /** Updates by another hand between the look and the change: the plan of a publication that waits for its answer. */
    @ParameterizedTest
    @EnumSource
    void doesNotOverwriteAConcurrentChange(Kind kind) throws Exception {
        start(kind);
        Tool.require("python3");
        String update = """
                server 127.0.0.1 %d
                zone example.org.
                update add example.org. 60 MX 5 other.example.net.
                send
                """.formatted(port);
        String script = """
                import os, pty, subprocess, sys, time
                child, fd = pty.fork()
                if child == 0:
                    os.execv(sys.argv[1], sys.argv[1:4] + ["example.org", "-c", sys.argv[4]])
                seen = b""
                while b"[y/N]" not in seen:
                    piece = os.read(fd, 4096)
                    if not piece: break
                    seen += piece
                subprocess.run([sys.argv[5], "-y", sys.argv[6]], input=sys.argv[7].encode(), check=True)
                os.write(fd, b"y\\n")
                try:
                    while True:
                        piece = os.read(fd, 4096)
                        if not piece: break
                        seen += piece
                except OSError:
                    pass
                _, status = os.waitpid(child, 0)
                sys.stdout.write(seen.decode(errors="replace"))
                sys.exit(os.waitstatus_to_exitcode(status))
                """;
        Tool raced = Tool.run(
                Map.of(),
                script.getBytes(StandardCharsets.UTF_8),
                List.of(
                        "python3",
                        "-",
                        Repository.root().resolve("posthorn").toString(),
                        "dns",
                        "publish",
                        config.toString(),
                        "knsupdate",
                        "hmac-sha256:posthorn:" + SECRET,
                        update));
        assertThat(raced.output()).contains("was changed by somebody else meanwhile");
        assertThat(raced.exit()).isEqualTo(1);
        assertThat(dig("example.org", "MX")).isEqualTo("5 other.example.net.");
        assertThat(dig("mx.example.org", "A")).isEmpty();
    }

    @Test
    void printsAZoneThatRealServersLoad() throws Exception {
        Tool.require("kzonecheck");
        Tool.require("named-checkzone");
        String head = """
                $TTL 60
                example.org. SOA ns.example.org. root.example.org. 1 3600 600 86400 60
                example.org. NS ns.example.org.
                ns.example.org. A 192.0.2.53
                """;
        Tool records = posthorn("dns", "records", "example.org").succeeded();
        Path zone = Files.writeString(dir.resolve("printed.zone"), head + records.output());
        assertThat(Tool.run("kzonecheck", "-v", "-o", "example.org", zone.toString())
                        .succeeded()
                        .output())
                .contains("No semantic error");
        Tool bind = Tool.run("named-checkzone", "-D", "example.org", zone.toString())
                .succeeded();
        assertThat(bind.output()).contains("OK").contains("v=DKIM1; k=ed25519");
        assertThat(bind.output().lines().filter(line -> line.matches(".*IN\\s+SRV.*")))
                .hasSize(6);
    }
}
