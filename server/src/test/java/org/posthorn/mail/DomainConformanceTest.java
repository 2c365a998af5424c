package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Conformance;

/** The cases of UTS #46, without transitional processing. */
class DomainConformanceTest {
    /** Non-joiners between Arabic letters with marks between, and a letter that the JDK's Unicode does not have yet. */
    private static final List<String> KNOWN_REFUSED =
            List.of("\\u200C", "xn--ghb2", "\ud88a\udf9a", "xn--9-i0j5967eg3qz");

    /** Hyphens at the third and fourth place, which registered names have; a non-joiner between Arabic digits. */
    private static final List<String> KNOWN_ACCEPTED = List.of("[V2]", "\\u06EF\\u200C\\u06EF");

    @Test
    void mapsAsUts46Does() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        int cases = 0;
        for (String line : Files.readAllLines(Conformance.require("idna").resolve("IdnaTestV2.txt"))) {
            String[] columns = line.replaceAll("#.*", "").split(";", -1);
            if (columns.length < 5) {
                continue;
            }
            cases++;
            String source = unescaped(columns[0]);
            String unicode = columns[1].isBlank() ? source : unescaped(columns[1]);
            String status = columns[4].isBlank() ? columns[2].strip() : columns[4].strip();
            String ascii = columns[3].isBlank() ? unicode : unescaped(columns[3]);
            Optional<String> ours = parse(source);
            boolean shouldFail = !status.isEmpty() && !status.equals("[]");
            if (ours.isEmpty() && !shouldFail) {
                refused.add(line);
            } else if (ours.isPresent() && shouldFail) {
                accepted.add(line);
            } else if (ours.isPresent() && !ours.get().equals(ascii)) {
                wrong.add(line);
            }
        }
        assertThat(cases).isGreaterThan(6000);
        assertThat(wrong).isEmpty();
        assertThat(refused).as("refused").allMatch(line -> contains(line, KNOWN_REFUSED));
        assertThat(accepted).as("accepted").allMatch(line -> contains(line, KNOWN_ACCEPTED));
    }

    private static boolean contains(String line, List<String> parts) {
        return parts.stream().anyMatch(line::contains);
    }

    private static Optional<String> parse(String text) {
        try {
            return Optional.of(Domain.parse(text).name());
        } catch (MalformedAddressException refused) {
            return Optional.empty();
        }
    }

    private static String unescaped(String column) {
        String text = column.strip();
        if (text.equals("\"\"")) {
            return "";
        }
        StringBuilder unescaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                unescaped.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else if (text.startsWith("\\x{", i)) {
                int end = text.indexOf('}', i);
                unescaped.appendCodePoint(Integer.parseInt(text.substring(i + 3, end), 16));
                i = end;
            } else {
                unescaped.append(text.charAt(i));
            }
        }
        return unescaped.toString();
    }
}
