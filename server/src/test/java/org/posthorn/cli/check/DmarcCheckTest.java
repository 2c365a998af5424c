package org.posthorn.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import picocli.CommandLine;

class DmarcCheckTest {
    /** Two organizations below a public suffix, which has a record of its own; SPF speaks for the other one. */
    private static final String ZONE = """
            _dmarc.a.co.example. TXT "v=DMARC1\\; p=reject"
            _dmarc.co.example.   TXT "v=DMARC1\\; p=quarantine"
            b.co.example.        TXT "v=spf1 ip4:192.0.2.1 -all"
            c.co.example.        TXT "v=spf1 ip4:192.0.2.1 -all"
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String author, String... more) throws IOException {
        out.getBuffer().setLength(0);
        CommandLine line = CheckCommands.dmarcCheck(ZoneResolver::new);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err, true));
        Path zone = Files.writeString(folder.resolve("zone"), ZONE);
        Path message = Files.writeString(folder.resolve("m.eml"), "From: x@" + author + "\n\ntext\n");
        List<String> words = new ArrayList<>(List.of(
                "--ip", "192.0.2.1", "--helo", "h.example", "--from", "y@b.co.example", "--zone", zone.toString()));
        words.addAll(List.of(more));
        words.add(message.toString());
        return line.execute(words.toArray(String[]::new));
    }

    private String list(String rules) throws IOException {
        return Files.writeString(folder.resolve("list.dat"), rules).toString();
    }

    private String verdict() {
        return out.toString().lines().findFirst().orElse("");
    }

    @Test
    void findsOrganizationsByTheTreeWalk() throws IOException {
        assertThat(run("a.co.example")).isZero();
        // Without psd=y, the record of co.example makes it the organization of both.
        assertThat(verdict()).isEqualTo("pass");
        assertThat(out.toString()).contains("author a.co.example, policy reject by the record of a.co.example");
    }

    @Test
    void findsOrganizationsByAList() throws IOException {
        assertThat(run("a.co.example", "--public-suffix-list", list("// a list\nexample\nco.example\n")))
                .isZero();
        assertThat(verdict()).isEqualTo("fail");
        assertThat(out.toString()).contains("SPF of b.co.example is not aligned");

        run("x.a.co.example", "--public-suffix-list", list("co.example\n"), "--json");
        JsonObject answer = Json.readObject(out.toString());
        assertThat(answer.text("organizational-domain")).contains("a.co.example");
        assertThat(answer.text("record-domain")).contains("a.co.example");
        // RFC 7489 6.6.3 looks at the author's domain and the organizational one, never above.
        run("c.co.example", "--public-suffix-list", list("co.example\n"));
        assertThat(verdict()).isEqualTo("none");
        run("c.co.example");
        assertThat(verdict()).isEqualTo("pass");
    }

    @Test
    void theListOfTheProgramIsThereToo() throws IOException {
        assertThat(run("a.co.example", "--public-suffix-list", "bundled", "--json"))
                .isZero();
        // No rule for .example: the top-level domain is the suffix.
        assertThat(Json.readObject(out.toString()).text("organizational-domain"))
                .contains("co.example");
    }

    @Test
    void aListThatIsNoneIsOfNoUse() throws IOException {
        assertThat(run("a.co.example", "--public-suffix-list", list("// nothing here\n")))
                .isEqualTo(2);
        assertThat(run("a.co.example", "--public-suffix-list", folder + "/absent"))
                .isEqualTo(2);
        assertThat(run("a.co.example", "--public-suffix-list", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("posthorn: " + folder));
    }

    @Test
    void eachLineOfABatchMayHaveItsOwnList() throws IOException {
        String question =
                "{\"ip\":\"192.0.2.1\",\"from\":\"y@b.co.example\",\"message\":\"From: x@a.co.example\\n\\n\",\"dns\":{\"_dmarc.a.co.example\":{\"TXT\":\"v=DMARC1; p=reject\"},\"_dmarc.co.example\":{\"TXT\":\"v=DMARC1; p=none\"},\"b.co.example\":{\"TXT\":\"v=spf1 +all\"}}";
        CheckContext context = new CheckContext(ZoneResolver::new, InstantSource.system());

        new Batch(context, new DmarcCheck(), 100_000)
                .run(
                        new StringReader(question + "}\n" + question + ",\"public-suffix-list\":\"" + list("co.example")
                                + "\"}\n"),
                        new PrintWriter(out));

        assertThat(out.toString()
                        .lines()
                        .map(Json::readObject)
                        .map(answer -> answer.text("result").orElse("error")))
                .containsExactly("pass", "fail");
    }
}
