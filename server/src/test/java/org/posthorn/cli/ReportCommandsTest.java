package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.admin.AdminParts;
import org.posthorn.json.Json;
import org.posthorn.json.JsonArray;

/** What the commands for reports print: on the files, and through HTTP on the Unix socket. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class ReportCommandsTest {
    @TempDir
    private static Path keyFiles;

    @Parameter
    private boolean overHttp;

    @TempDir
    private Path folder;

    private AdminParts parts;

    @BeforeEach
    void open() throws IOException {
        parts = new AdminParts(folder, keyFiles, overHttp);
    }

    @AfterEach
    void close() throws IOException {
        parts.close();
    }

    private CommandRun run(String... words) {
        return CommandRun.of(parts.program(), words);
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve("in").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** The second is larger than what the admin socket took before it carried files as they are. */
    @Test
    void importsFilesAndDirectories() throws IOException {
        Path first = file("a.xml", AdminParts.dmarc("7", "example.org", 1));
        Path second = file("b.xml", AdminParts.dmarc("8", "example.net", 5000));
        assertThat(Files.size(second)).isGreaterThan(1 << 20);
        assertThat(run("report", "import", first.getParent().toString()))
                .isEqualTo(CommandRun.done(
                        first + ": stored DMARC report 7 of O about example.org",
                        second + ": stored DMARC report 8 of O about example.net"));
        assertThat(run("report", "import", first.toString()))
                .isEqualTo(CommandRun.done(first + ": known already: DMARC report 7 of O about example.org"));
        Path none = file("c.eml", "Subject: hello\r\n\r\nno report\r\n");
        CommandRun refused = run("report", "import", none.toString(), first.toString());
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).startsWith("posthorn: " + none + ": refused: no report in it");
        assertThat(refused.out()).as("goes on after one that is refused").contains("known already");
        Path large = file("d.xml", " ".repeat(10_485_761));
        assertThat(run("report", "import", large.toString()))
                .isEqualTo(CommandRun.failed(large + ": a report has at most 10485760 octets"));
        assertThat(run("report", "import", folder.resolve("nothing").toString()).status())
                .isEqualTo(1);
    }

    @Test
    void showsThem() throws IOException {
        assertThat(run("report", "dmarc"))
                .isEqualTo(CommandRun.done("no DMARC reports of that time are here; ask for them with a record in DNS"
                        + " (posthorn dns records), and name the mailbox in reports.mailboxes"));
        assertThat(run("report", "tls", "--json")).isEqualTo(CommandRun.done("[]"));
        run(
                "report",
                "import",
                file("a.xml", AdminParts.dmarc("7", "example.org", 1)).toString(),
                file("b.xml", AdminParts.dmarc("8", "example.net", 2)).toString());
        CommandRun text = run("report", "dmarc", "--domain", "example.org", "--days", "3650");
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .startsWith("example.org: 1 message in its name from 1 sender, 100 % pass DMARC\n")
                .doesNotContain("example.net");
        CommandRun json = run("report", "dmarc", "--json");
        assertThat(json.out()).startsWith("[{").endsWith("}]\n");
        assertThat(Json.read(json.out()))
                .isInstanceOfSatisfying(
                        JsonArray.class, array -> assertThat(array.elements()).hasSize(2));
        assertThat(run("report", "dmarc", "--days", "3651"))
                .isEqualTo(CommandRun.failed("days must be from 1 to 3650"));
        assertThat(run("report", "dmarc", "--days", "many").status()).isEqualTo(2);
    }

    @Test
    void sends() {
        assertThat(run("report", "send", "dmarc", "--day", "2026-03-01"))
                .isEqualTo(CommandRun.done("example.org: sent"));
        assertThat(run("report", "send", "dmarc")).isEqualTo(CommandRun.done("no report is due"));
        assertThat(run("report", "send", "tls")).isEqualTo(CommandRun.failed("reports.tls.send is not switched on"));
        assertThat(run("report", "send", "dmarc", "--day", "yesterday"))
                .isEqualTo(CommandRun.failed("not a day like 2026-01-31: yesterday"));
        assertThat(run("report", "send", "arf")).isEqualTo(CommandRun.failed("which reports: dmarc or tls?"));
        assertThat(parts.sent).containsExactly("dmarc 2026-03-01", "dmarc due", "tls due");
    }
}
