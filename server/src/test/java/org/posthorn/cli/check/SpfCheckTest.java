package org.posthorn.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import picocli.CommandLine;

class SpfCheckTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private int run(String... args) {
        CommandLine line = CheckCommands.spfCheck(ZoneResolver::new);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    private String zone() throws IOException {
        Path zone = folder.resolve("zone");
        Files.writeString(
                zone,
                "$ORIGIN example.org.\n@ TXT \"v=spf1 ip4:192.0.2.0/24 -all exp=why\" \"\"\n@ TXT other\nwhy.example.org. TXT \"at %{t}\"\n"
                        .replace("exp=why", "exp=why.example.org"));
        return zone.toString();
    }

    private List<String> batch(int maxLine, String... lines) throws IOException {
        CheckContext context = new CheckContext(ZoneResolver::new, InstantSource.system());
        new Batch(context, new SpfCheck(), maxLine)
                .run(new StringReader(String.join("\n", lines)), new PrintWriter(out));
        return out.toString().lines().toList();
    }

    @Test
    void printsTheBareVerdictFirst() throws IOException {
        int status = run("--ip", "192.0.2.7", "--from", "a@example.org", "--helo", "h", "--zone", zone());

        assertThat(status).isZero();
        assertThat(out.toString().lines())
                .startsWith("pass", "sender a@example.org, policy of example.org")
                .contains("decided by ip4:192.0.2.0/24 in the SPF record of example.org");
    }

    @Test
    void printsEverythingAsJson() throws IOException {
        int status = run(
                "--ip",
                "2001:db8::1",
                "--from",
                "<a@example.org>",
                "--helo",
                "h",
                "--zone",
                zone(),
                "--json",
                "--time",
                "1970-01-01T00:01:00Z");

        JsonObject answer = Json.readObject(out.toString());
        assertThat(status).isZero();
        assertThat(answer.text("result")).contains("fail");
        assertThat(answer.text("smtp.mailfrom")).contains("a@example.org");
        assertThat(answer.text("matched")).contains("-all");
        assertThat(answer.text("explanation")).contains("at 60");
    }

    @Test
    void saysInOneLineWhatIsOfNoUse() throws IOException {
        assertThat(run("--ip", "192.0.2", "--from", "a@example.org", "--zone", zone()))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualTo("posthorn: not an IP address: 192.0.2" + System.lineSeparator());
        assertThat(run("--from", "a@example.org")).isEqualTo(2);
        assertThat(run("--ip", "192.0.2.1")).isEqualTo(2);
        assertThat(run("--ip", "192.0.2.1", "--from", "a@b.c", "--zone", folder + "/absent"))
                .isEqualTo(2);
        assertThat(run("--ip", "192.0.2.1", "--from", "a@b.c", "--time", "yesterday"))
                .isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(5).allMatch(line -> line.startsWith("posthorn: "));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void writesJsonInAscii() throws IOException {
        assertThat(batch(1000, "{\"ip\":\"192.0.2.1\",\"from\":\"jürgen@example.org\",\"dns\":{}}")
                        .getFirst())
                .contains("\"smtp.mailfrom\":\"j\\u00fcrgen@example.org\"");
    }

    @Test
    void answersABatchLineByLine() throws IOException {
        String dns =
                "\"dns\":{\"example.org\":{\"TXT\":[\"v=spf1 a -all\"],\"A\":[\"192.0.2.1\"]},\"dead.example\":\"TIMEOUT\"}";

        List<String> answers = batch(
                1000,
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@example.org\",\"helo\":\"h\"," + dns + "}",
                "nonsense",
                "{\"ip\":\"192.0.2.2\",\"from\":\"a@example.org\",\"time\":5," + dns + "}",
                "{\"ip\":\"192.0.2.2\",\"from\":\"a@dead.example\"," + dns + "}",
                "x".repeat(5000),
                "{\"from\":\"a@example.org\"}",
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@example.org\",\"zone\":\"" + zone() + "\"}",
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@example.org\",\"time\":9000000000000000000}",
                "{\"ip\":\"192.0.2.1\",\"from\":\"a@example.org\",\"time\":1e99999999999}");

        assertThat(answers).hasSize(9);
        assertThat(answers.get(0)).startsWith("{\"result\":\"pass\"");
        assertThat(answers.get(1)).startsWith("{\"error\":\"not JSON");
        assertThat(answers.get(2)).startsWith("{\"result\":\"fail\"");
        assertThat(answers.get(3)).startsWith("{\"result\":\"temperror\"");
        assertThat(answers.get(4)).isEqualTo("{\"error\":\"a line of more than 1000 characters\"}");
        assertThat(answers.get(5)).isEqualTo("{\"error\":\"ip is missing\"}");
        assertThat(answers.get(6)).startsWith("{\"result\":\"pass\"");
        assertThat(answers.get(7)).startsWith("{\"error\":\"not a time like ");
        assertThat(answers.get(8)).startsWith("{\"error\":\"not JSON");
    }
}
