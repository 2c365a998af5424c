package org.posthorn.protocol.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Domain;
import org.posthorn.testing.Conformance;

class PublicSuffixListTest {
    private static final Pattern CHECK =
            Pattern.compile("^checkPublicSuffix\\('(.*)', (?:null|'(.*)')\\);", Pattern.MULTILINE);

    @Test
    void answersTheListsOwnTests() throws IOException {
        String tests = Files.readString(Conformance.require("psl").resolve("test_psl.txt"));
        List<MatchResult> checks = CHECK.matcher(tests).results().toList();
        assertThat(checks).hasSizeGreaterThan(70);
        for (MatchResult check : checks) {
            // The tests name some results in U-labels; ours are A-labels.
            Optional<String> expected =
                    Optional.ofNullable(check.group(2)).map(Domain::parse).map(Domain::name);
            assertThat(PublicSuffixList.bundled().registrable(check.group(1)))
                    .as(check.group())
                    .isEqualTo(expected);
        }
    }

    @Test
    void knowsRulesExceptionsAndWildcards() {
        PublicSuffixList list = PublicSuffixList.parse("// x\n\nexample\nco.example // y\n*.ck\n!www.ck\n");
        assertThat(list.registrable("example")).isEmpty();
        assertThat(list.registrable("a.b.example")).contains("b.example");
        assertThat(list.registrable("a.b.co.example")).contains("b.co.example");
        assertThat(list.registrable("co.example")).isEmpty();
        assertThat(list.registrable("a.b.c.ck")).contains("b.c.ck");
        assertThat(list.registrable("b.ck")).isEmpty();
        assertThat(list.registrable("a.www.ck")).contains("www.ck");
        assertThat(list.registrable("a.b.unlisted")).contains("b.unlisted");
        assertThat(list.registrable("[192.0.2.1]")).isEmpty();
        assertThat(list.registrable("x..y")).isEmpty();
    }

    @Test
    void comesWithItsLicence() throws IOException {
        try (InputStream in = PublicSuffixList.class.getResourceAsStream("public_suffix_list.dat")) {
            assertThat(new String(in.readNBytes(300), StandardCharsets.UTF_8))
                    .contains("Mozilla Public\n// License, v. 2.0");
        }
    }

    @Test
    void isEmptyWithoutAnyRule() {
        assertThat(PublicSuffixList.parse("// nothing\n\n").isEmpty()).isTrue();
        for (String rule : List.of("example", "*.example", "!www.example")) {
            assertThat(PublicSuffixList.parse(rule).isEmpty()).as(rule).isFalse();
        }
    }
}
