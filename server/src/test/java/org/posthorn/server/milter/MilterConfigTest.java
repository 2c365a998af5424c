package org.posthorn.server.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.config.ConfigFile;
import org.posthorn.mail.Network;

class MilterConfigTest {
    private static MilterConfig read(ConfigFile file) {
        return MilterConfig.read(file.root().section("milter"), "mx.posthorn.test");
    }

    @Test
    void hasTheDocumentedDefaults() throws Exception {
        ConfigFile file = ConfigFile.parse("test.toml", "[milter]\n");
        assertThat(read(file))
                .isEqualTo(new MilterConfig(
                        EnumSet.allOf(MilterConfig.Mode.class),
                        List.of(Network.parse("127.0.0.1"), Network.parse("::1")),
                        Set.of("ORIGINATING"),
                        "mx.posthorn.test",
                        false,
                        Duration.ofHours(2),
                        Duration.ofSeconds(10)));
        file.finish();
    }

    @Test
    void readsWhatIsSet() {
        assertThat(read(ConfigFile.parse("test.toml", """
                        [milter]
                        modes = ["Verify"]
                        internal-hosts = ["192.0.2.0/24"]
                        daemons = []
                        authserv-id = "other.test"
                        enforce = true
                        idle-timeout = "1m"
                        """)))
                .isEqualTo(new MilterConfig(
                        Set.of(MilterConfig.Mode.VERIFY),
                        List.of(Network.parse("192.0.2.0/24")),
                        Set.of(),
                        "other.test",
                        true,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(10)));
    }

    @Test
    void complainsOfWhatItCannotRead() {
        ConfigFile file = ConfigFile.parse("test.toml", """
                [milter]
                modes = ["sign", "seal"]
                internal-hosts = ["here", "192.0.2.1"]
                idle-timeout = "59s"
                """);
        read(file);
        assertThatThrownBy(file::finish)
                .hasMessageContaining("must hold \"sign\" and \"verify\" only")
                .hasMessageContaining("\"here\" is neither an address nor a network")
                .hasMessageContaining("idle-timeout");
    }
}
