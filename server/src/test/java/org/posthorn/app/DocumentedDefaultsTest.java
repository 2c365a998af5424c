package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.posthorn.config.ConfigException;
import org.posthorn.testing.Checkout;

/**
 * The defaults in docs/configuration.md are those of the code: a key that is given its documented default changes nothing,
 * and given another value it changes something.
 */
class DocumentedDefaultsTest {
    /** Rows whose default is a value, rather than "none" or words. */
    private static final int ROWS_WITH_A_VALUE = 118;

    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9.-]+)`(?: \\*start\\*)? \\| (.+?) \\| (.+) \\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    @TempDir
    Path dir;

    record Row(String key, String fallback, String meaning) {
        static Optional<Row> of(String line) {
            Matcher row = ROW.matcher(line);
            return row.matches()
                    ? Optional.of(new Row(row.group(1), row.group(2).replaceAll("^`|`$", ""), row.group(3)))
                    : Optional.empty();
        }

        /** Is the default a TOML value? */
        boolean hasValue() {
            return fallback.matches("\".*\"|\\[.*]|[0-9]+[a-z]?|true|false");
        }

        /** The default as TOML: a time may stand in the table without its quotes. */
        String value() {
            return fallback.matches("[0-9]+[a-z]") ? '"' + fallback + '"' : fallback;
        }

        /** Values that the key may take instead. */
        List<String> others() {
            List<String> others = new ArrayList<>();
            if (fallback.equals("true") || fallback.equals("false")) {
                others.add(fallback.equals("true") ? "false" : "true");
            } else if (fallback.matches("[0-9]+")) {
                others.add(String.valueOf(Integer.parseInt(fallback) + 1));
            } else {
                Matcher quantity =
                        Pattern.compile("\"?([0-9]+)([a-z]| [KMG]iB)\"?").matcher(fallback);
                if (quantity.matches()) {
                    others.add("\"" + (Integer.parseInt(quantity.group(1)) + 1) + quantity.group(2) + "\"");
                }
            }
            if (fallback.contains(", ")) {
                others.add(fallback.substring(0, fallback.indexOf(", ")) + "]");
            }
            QUOTED.matcher(meaning).results().map(match -> match.group(1)).forEach(others::add);
            others.addAll(
                    List.of("[\"192.0.2.1:2525\"]", "\"0600\"", "\"/elsewhere\"", "[\"5m\"]", "[\"192.0.2.0/24\"]"));
            return others;
        }

        /** What else must stand in the file for the key to matter. */
        String besides() {
            String from = "reports.dmarc.from = \"dmarc@example.org\"\n";
            return switch (key) {
                case "reports.dmarc.send", "reports.tls.send" -> from;
                case "reports.dmarc.only-proven", "reports.dmarc.max-per-day" -> from + "reports.dmarc.send = true\n";
                case "reports.tls.to-private-addresses" -> from + "reports.tls.send = true\n";
                default -> "";
            };
        }

        @Override
        public String toString() {
            return key + " = " + fallback;
        }
    }

    static List<Row> rows() {
        try (Stream<String> lines = Files.lines(Checkout.root().resolve("docs/configuration.md"))) {
            return lines.flatMap(line -> Row.of(line).stream())
                    .filter(Row::hasValue)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Configuration read(String line) throws Exception {
        return Configuration.read(Files.writeString(
                dir.resolve("posthorn.toml"), "server.hostname = \"mx.example.org\"\n" + line + "\n"));
    }

    private Optional<Configuration> readIfTaken(String line) throws Exception {
        try {
            return Optional.of(read(line));
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    @Test
    void manyDefaultsAreValues() throws Exception {
        assertThat(rows()).hasSize(ROWS_WITH_A_VALUE);
        assertThat(read("")).isEqualTo(read(""));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theDocumentedDefaultIsTheOneInForce(Row row) throws Exception {
        Configuration usual = read(row.besides());
        assertThat(read(row.besides() + row.key() + " = " + row.value())).isEqualTo(usual);
        List<Configuration> differing = new ArrayList<>();
        for (String other : row.others()) {
            readIfTaken(row.besides() + row.key() + " = " + other)
                    .filter(read -> !read.equals(usual))
                    .ifPresent(differing::add);
        }
        assertThat(differing)
                .as("another value of " + row.key() + " changes something")
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "listen.memory-for-strangers, 5, 50, 4, 51",
        "listen.memory-for-users, 5, 50, 4, 51",
        "listen.write-timeout, \"10s\", \"1h\", \"9s\", \"61m\"",
        "reports.dmarc.max-per-day, 1, 100000, 0, 100001",
    })
    void theDocumentedBoundsAreTaken(String key, String least, String most, String less, String more) throws Exception {
        assertThat(read(key + " = " + least)).isNotEqualTo(read(key + " = " + most));
        for (String beyond : List.of(less, more)) {
            assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> read(key + " = " + beyond));
        }
    }
}
