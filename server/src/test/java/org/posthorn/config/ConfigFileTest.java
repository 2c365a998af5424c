package org.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @Test
    void readsValuesOfEveryKind() throws ConfigException {
        ConfigFile file = ConfigFile.parse("test.toml", """
                name = "mx.example.org"
                on = true
                count = 7
                listen = ["127.0.0.1:25", "[::1]:26", "*:27"]
                [limits]
                size = "50 MiB"
                plain = 4096
                wait = "5m"
                [routes]
                "peer.test" = "127.0.0.1:2625"
                """);
        Section root = file.root();
        assertThat(root.text("name", "")).isEqualTo("mx.example.org");
        assertThat(root.flag("on", false)).isTrue();
        assertThat(root.integer("count", 1, 1, 10)).isEqualTo(7);
        assertThat(root.addresses("listen", List.of(), 25))
                .extracting(java.net.InetSocketAddress::getPort)
                .containsExactly(25, 26, 27);
        Section limits = root.section("limits");
        assertThat(limits.size("size", "1 KiB", "1 KiB", "1 GiB")).isEqualTo(50L << 20);
        assertThat(limits.size("plain", "1 KiB", "1 KiB", "1 GiB")).isEqualTo(4096);
        assertThat(limits.duration("wait", "1s", "1s", "1h")).isEqualTo(Duration.ofMinutes(5));
        assertThat(limits.duration("absent", "3s", "1s", "1h")).isEqualTo(Duration.ofSeconds(3));
        assertThat(root.textTable("routes")).isEqualTo(Map.of("peer.test", "127.0.0.1:2625"));
        file.finish();
    }

    @Test
    void takesAByteOrderMarkAndNamesTheLineThatIsNotUtf8(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("posthorn.toml");
        Files.writeString(file, "\ufeffname = \"m\u00fcx\"\r\n");
        assertThat(ConfigFile.read(file).root().text("name", "")).isEqualTo("m\u00fcx");
        Files.write(file, "name = \"x\"\n# b\u00fcro\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(file))
                        .complaints())
                .containsExactly(file + ":2: is not UTF-8; save the file in that encoding");
    }

    @Test
    void reportsEveryFaultWithKeyAndLineAtOnce() {
        ConfigFile file = ConfigFile.parse("posthorn.toml", """
                [smtp]
                max_mesage_size = "50 MiB"
                max_recipients = 5000000
                time_limit = "soon"
                """);
        Section smtp = file.root().section("smtp");
        assertThat(smtp.size("max_message_size", "10 MiB", "1 KiB", "1 GiB")).isEqualTo(10L << 20);
        assertThat(smtp.integer("max_recipients", 1000, 100, 100_000)).isEqualTo(1000);
        assertThat(smtp.duration("time_limit", "5m", "1s", "1h")).isEqualTo(Duration.ofMinutes(5));
        ConfigException thrown = catchThrowableOfType(ConfigException.class, file::finish);
        assertThat(thrown.complaints())
                .containsExactly(
                        "posthorn.toml:2: smtp.max_mesage_size: unknown key; did you mean \"max_message_size\"?",
                        "posthorn.toml:3: smtp.max_recipients: must be a whole number from 100 to 100000",
                        "posthorn.toml:4: smtp.time_limit: \"soon\" is not a time; write \"500ms\", \"30s\", \"5m\","
                                + " \"4h\" or \"5d\"");
    }

    @Test
    void reportsBrokenTomlWithItsLine() {
        ConfigFile file = ConfigFile.parse("x.toml", "[server\nname = 1\n");
        assertThatThrownBy(file::finish).isInstanceOf(ConfigException.class).hasMessageContaining("x.toml:1:");
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> ConfigFile.read(Path.of("/nonexistent/posthorn.toml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/nonexistent/posthorn.toml: no such file");
    }

    @Test
    void complainsAboutTypes() {
        ConfigFile file = ConfigFile.parse("x.toml", "a = 1\nb = \"yes\"\nc = [1]\nd = \"\"\ne = 1\n");
        Section root = file.root();
        assertThat(root.text("a")).isEmpty();
        assertThat(root.flag("b", true)).isTrue();
        assertThat(root.texts("c", List.of("x"))).containsExactly("x");
        assertThat(root.text("d")).isEmpty();
        assertThat(root.section("e").keys()).isEmpty();
        ConfigException thrown = catchThrowableOfType(ConfigException.class, file::finish);
        assertThat(thrown.complaints()).hasSize(5);
    }

    @Test
    void theBoundsOfSizesAndTimesAreAllowedAndNothingBeyondThem() throws ConfigException {
        Section good = ConfigFile.parse("test.toml", """
                least = "1 KiB"
                most = "1 GiB"
                shortest = "1s"
                longest = "1h"
                """).root();
        assertThat(good.size("least", "2 KiB", "1 KiB", "1 GiB")).isEqualTo(1024);
        assertThat(good.size("most", "2 KiB", "1 KiB", "1 GiB")).isEqualTo(1L << 30);
        assertThat(good.duration("shortest", "5s", "1s", "1h")).isEqualTo(Duration.ofSeconds(1));
        assertThat(good.duration("longest", "5s", "1s", "1h")).isEqualTo(Duration.ofHours(1));
        ConfigFile wrong = ConfigFile.parse("test.toml", """
                little = 1023
                much = 1073741825
                short = "999ms"
                long = "3601s"
                """);
        assertThat(wrong.root().size("little", "2 KiB", "1 KiB", "1 GiB")).isEqualTo(2048);
        assertThat(wrong.root().size("much", "2 KiB", "1 KiB", "1 GiB")).isEqualTo(2048);
        assertThat(wrong.root().duration("short", "5s", "1s", "1h")).isEqualTo(Duration.ofSeconds(5));
        assertThat(wrong.root().duration("long", "5s", "1s", "1h")).isEqualTo(Duration.ofSeconds(5));
        // Asked for again, as by the two roles of SMTP: each fault is told once.
        assertThat(wrong.root().size("little", "2 KiB", "1 KiB", "1 GiB")).isEqualTo(2048);
        assertThat(catchThrowableOfType(ConfigException.class, wrong::finish).complaints())
                .containsExactly(
                        "test.toml:1: little: must be from 1 KiB to 1 GiB",
                        "test.toml:2: much: must be from 1 KiB to 1 GiB",
                        "test.toml:3: short: must be from 1s to 1h",
                        "test.toml:4: long: must be from 1s to 1h");
    }
}
