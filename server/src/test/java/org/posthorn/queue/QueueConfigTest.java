package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.storage.CommitLogConfig;

class QueueConfigTest {
    private static final Path SPOOL = Path.of("/var/lib/posthorn/spool");

    private static QueueConfig read(String text) throws ConfigException {
        ConfigFile file = ConfigFile.parse("test.toml", text);
        QueueConfig config = QueueConfig.read(file.root().section("queue"), SPOOL);
        file.finish();
        return config;
    }

    /** RFC 5321 4.5.4.1: half an hour between attempts, 4 to 5 days; the first attempts come sooner. */
    @Test
    void hasTheDocumentedDefaults() throws ConfigException {
        QueueConfig defaults = new QueueConfig(
                SPOOL,
                131_072,
                33_554_432,
                67_108_864,
                new CommitLogConfig(16_777_216, 67_108_864, 3),
                List.of(
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(20),
                        Duration.ofMinutes(40),
                        Duration.ofMinutes(60),
                        Duration.ofMinutes(120),
                        Duration.ofMinutes(240)),
                Duration.ofHours(120),
                Duration.ofHours(24),
                Duration.ofHours(4),
                5,
                100,
                2,
                16);
        assertThat(read("")).isEqualTo(defaults);
        assertThat(QueueConfig.defaults(SPOOL)).isEqualTo(defaults);
    }

    @Test
    void readsEveryKey() throws ConfigException {
        QueueConfig config = read("""
                [queue]
                inline-limit = "4KiB"
                memory-limit = "1MiB"
                reserve = "0"
                retry-delays = ["1s", "2h"]
                lifetime = "1m"
                bounce-lifetime = "2m"
                warn-after = "0s"
                remote-concurrency = 1000
                remote-total = 10000
                local-concurrency = 64
                local-total = 1000
                """);
        assertThat(config)
                .isEqualTo(new QueueConfig(
                        SPOOL,
                        4096,
                        1_048_576,
                        0,
                        CommitLogConfig.DEFAULT,
                        List.of(Duration.ofSeconds(1), Duration.ofHours(2)),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(2),
                        Duration.ZERO,
                        1000,
                        10_000,
                        64,
                        1000));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            retry-delays = ["999ms"]      | retry-delays
            retry-delays = ["0s"]         | must hold times of at least one second
            retry-delays = ["5m", "soon"] | retry-delays
            inline-limit = "5MiB"         | inline-limit
            inline-limit = "3KiB"         | inline-limit
            memory-limit = "512KiB"       | memory-limit
            lifetime = "31d"              | lifetime
            bounce-lifetime = "59s"       | bounce-lifetime
            warn-after = "31d"            | warn-after
            remote-concurrency = 0        | remote-concurrency
            remote-concurrency = 1001     | remote-concurrency
            remote-total = 10001          | remote-total
            local-concurrency = 65        | local-concurrency
            local-total = 1001            | local-total
            """)
    void saysWhatIsWrong(String line, String complaint) {
        assertThat(catchThrowableOfType(ConfigException.class, () -> read("[queue]\n" + line + "\n"))
                        .complaints())
                .singleElement()
                .asString()
                .startsWith("test.toml:2: ")
                .contains(complaint);
    }

    private static QueueConfig with(long inline, List<Duration> delays) {
        QueueConfig by = QueueConfig.defaults(SPOOL);
        return new QueueConfig(
                SPOOL,
                inline,
                by.memoryLimit(),
                by.reserve(),
                by.log(),
                delays,
                by.lifetime(),
                by.bounceLifetime(),
                by.warnAfter(),
                by.remoteConcurrency(),
                by.remoteTotal(),
                by.localConcurrency(),
                by.localTotal());
    }

    /** A record of the log holds 8 MiB, the message with its envelope and our fields. */
    @Test
    void aMessageInTheLogIsBounded() {
        List<Duration> delays = List.of(Duration.ofMinutes(5));
        assertThat(with(1, delays).inlineLimit()).isEqualTo(1);
        assertThat(with(4_194_304, delays).inlineLimit()).isEqualTo(4_194_304);
        assertThatIllegalArgumentException().isThrownBy(() -> with(0, delays));
        assertThatIllegalArgumentException().isThrownBy(() -> with(4_194_305, delays));
        assertThatIllegalArgumentException().isThrownBy(() -> with(4096, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0123456789",
                "0123456789ABCDEFG",
                "0123456789a",
                "0123456789/",
                "0123456789:",
                "@123456789A",
                "[123456789A"
            })
    void whatIsNoQueueIdIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new QueueId(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123456789A", "Z9AZ0000000", "0123456789ABCDEF"})
    void aQueueIdHas11To16DigitsAndCapitals(String text) {
        assertThat(new QueueId(text)).hasToString(text);
    }
}
