package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Our SPF verdicts beside those of pyspf, each of one process: for the RFC's test suite and for cases of our own. */
class SpfComparisonTest {
    /** The suite has 203 cases. */
    private static final int LEAST_CASES = 300;

    /** Where we differ, and why we are right. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            // RFC 7208 6: unrecognized modifiers are ignored, however often they occur.
            "unknown-modifier-twice", "pass, not permerror",
            // RFC 7208 4.6.4: evaluating mx must not ask for more than ten addresses, and the first is enough.
            "eleven-exchanges-first-matches", "pass, not permerror",
            // RFC 7208 7.3: the number of labels that a macro keeps must not be zero.
            "zero-labels", "permerror, not fail DEFAULT",
            // RFC 7208 4.6.4: terms whose look-ups are void are counted, and an mx is one, whatever its exchanges lack.
            "voids-of-exchanges", "pass, not permerror",
            // RFC 7208 5.5: where the names of the client cannot be looked up, ptr does not match.
            "ptr-cannot-be-asked", "fail DEFAULT, not temperror",
            // RFC 7208 4.3: a domain of a single label has the result none.
            "single-label-sender", "none, not pass",
            // RFC 7208 4.3: a label without length is wrong unless it ends the name.
            "final-dot-sender", "pass, not none",
            // RFC 5321 4.1.2: a quoted local part may have an at sign; pyspf cuts at the first.
            "quoted-local-part", "fail DEFAULT, not none",
            // RFC 7208 4.3: names are brought to A-labels before anything else.
            "idn-sender", "pass, not none");

    private static final Pattern RESULT = Pattern.compile("^\\{\"result\":\"([a-z]+)\"");
    private static final Pattern EXPLANATION = Pattern.compile("\"explanation\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private record Case(String name, String question, String verdict) {
        /** Of a line of the script. */
        static Case of(String line) {
            String[] parts = line.split("\t", -1);
            return new Case(parts[0], parts[1], (parts[2] + " " + parts[3]).strip());
        }
    }

    @Test
    void differsFromPyspfOnlyWhereTheRfcSaysSo() {
        Tool.require("python3");
        List<Case> cases = theirs();
        List<String> ours = ours(cases);

        Map<String, String> differences = new LinkedHashMap<>();
        for (int i = 0; i < cases.size(); i++) {
            if (!ours.get(i).equals(cases.get(i).verdict())) {
                differences.put(
                        cases.get(i).name(),
                        ours.get(i) + ", not " + cases.get(i).verdict());
            }
        }
        assertThat(cases).hasSizeGreaterThan(LEAST_CASES).doesNotHaveDuplicates();
        assertThat(differences).isEqualTo(DIFFERENCES);
    }

    private static List<Case> theirs() {
        String script =
                Repository.root().resolve("interop/peers/pyspf-check.py").toString();
        String suite =
                Conformance.require("spf-rfc7208").resolve("rfc7208-tests.yml").toString();
        String own = Repository.root().resolve("interop/peers/spf-cases.yml").toString();
        return Tool.run("/usr/bin/python3", script, suite, own)
                .succeeded()
                .output()
                .lines()
                .map(Case::of)
                .toList();
    }

    private static List<String> ours(List<Case> cases) {
        String questions = cases.stream().map(Case::question).collect(Collectors.joining("\n"));
        List<String> command = List.of(Repository.root().resolve("posthorn").toString(), "spf", "check", "--batch");
        List<String> answers = Tool.run(Map.of(), questions.getBytes(StandardCharsets.UTF_8), command)
                .succeeded()
                .output()
                .lines()
                .toList();
        assertThat(answers).hasSameSizeAs(cases);
        List<String> verdicts = new ArrayList<>();
        for (String answer : answers) {
            Matcher result = RESULT.matcher(answer);
            assertThat(result.find()).as(answer).isTrue();
            Matcher explanation = EXPLANATION.matcher(answer);
            verdicts.add(
                    result.group(1).equals("fail")
                            ? "fail " + (explanation.find() ? explanation.group(1) : "DEFAULT")
                            : result.group(1));
        }
        return verdicts;
    }
}
