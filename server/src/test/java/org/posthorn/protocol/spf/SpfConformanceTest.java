package org.posthorn.protocol.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.testing.Conformance;
import org.yaml.snakeyaml.Yaml;

/** The test suite of RFC 7208: each scenario has DNS records and cases of its own. */
class SpfConformanceTest {
    private static final int CASES = 203;

    @TestFactory
    List<DynamicContainer> suite() throws IOException {
        List<DynamicContainer> scenarios = new ArrayList<>();
        int cases = 0;
        try (Reader in =
                Files.newBufferedReader(Conformance.require("spf-rfc7208").resolve("rfc7208-tests.yml"))) {
            for (Object document : new Yaml().loadAll(in)) {
                Map<String, Object> scenario = map(document);
                Map<String, Object> tests = map(scenario.get("tests"));
                ZoneResolver zone = zone(map(scenario.get("zonedata")));
                cases += tests.size();
                Stream<DynamicTest> all = tests.entrySet().stream()
                        .map(test -> dynamicTest(test.getKey(), () -> check(zone, map(test.getValue()))));
                scenarios.add(dynamicContainer(String.valueOf(scenario.get("description")), all));
            }
        }
        assertThat(cases).isEqualTo(CASES);
        return scenarios;
    }

    private static void check(ZoneResolver zone, Map<String, Object> test) {
        SpfQuery query = new SpfQuery(
                InetAddress.ofLiteral((String) test.get("host")),
                String.valueOf(test.getOrDefault("helo", "")),
                Optional.of(String.valueOf(test.getOrDefault("mailfrom", ""))));

        SpfVerdict verdict = new SpfChecker(zone, "receiver.example").check(query, Instant.EPOCH);

        List<Object> right =
                test.get("result") instanceof List<?> list ? List.copyOf(list) : List.of(test.get("result"));
        assertThat(verdict.result().word())
                .as("%s: %s", test.getOrDefault("comment", ""), verdict)
                .isIn(right);
        assertThat(verdict.questions()).isLessThanOrEqualTo(SpfChecker.MAX_QUESTIONS);
        if (test.get("explanation") instanceof String explanation && verdict.result() == SpfResult.FAIL) {
            assertThat(verdict.explanation().orElse("DEFAULT")).isEqualTo(explanation);
        }
        boolean decided = verdict.matched().isPresent();
        assertThat(decided || verdict.reason().isPresent()).as("says why").isTrue();
    }

    /** Records of type SPF are TXT records too, unless there is a TXT in the same place. */
    private static ZoneResolver zone(Map<String, Object> data) {
        ZoneResolver zone = new ZoneResolver();
        data.forEach((name, value) -> {
            List<?> records = (List<?>) value;
            boolean hasTxt =
                    records.stream().anyMatch(record -> record instanceof Map<?, ?> one && one.containsKey("TXT"));
            for (Object record : records) {
                if (record instanceof String failure) {
                    zone.withFailure(name, FailureKind.valueOf(failure));
                } else {
                    map(record).forEach((type, content) -> add(zone, name, type, content, hasTxt));
                }
            }
        });
        return zone;
    }

    private static void add(ZoneResolver zone, String name, String type, Object content, boolean hasTxt) {
        switch (type) {
            case "SPF", "TXT" -> {
                if (content.equals("TIMEOUT")) {
                    zone.withFailure(RecordType.TXT, name, FailureKind.TIMEOUT);
                } else if (!content.equals("NONE") && (type.equals("TXT") || !hasTxt)) {
                    zone.withTxt(name, text(content));
                }
            }
            case "A", "AAAA" -> zone.withAddress(name, (String) content);
            case "MX" ->
                zone.withMx(name, (Integer) ((List<?>) content).getFirst(), (String) ((List<?>) content).getLast());
            case "PTR" -> zone.with(RecordType.PTR, name, (String) content);
            case "CNAME" -> zone.withAlias(name, (String) content);
            default -> throw new IllegalArgumentException("a record of type " + type);
        }
    }

    private static String text(Object content) {
        return content instanceof List<?> strings
                ? strings.stream().map(String::valueOf).collect(Collectors.joining())
                : String.valueOf(content);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
