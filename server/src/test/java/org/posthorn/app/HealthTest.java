package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyFile;

class HealthTest {
    @TempDir
    Path dir;

    @Test
    void namesADirectoryThatIsMissing() throws Exception {
        Path database = dir.resolve("directory.db");
        assertThat(Health.directory(database)).singleElement().asString().contains("directory.db is missing");
        Files.writeString(database, "SQLite format 3\0 and so on");
        assertThat(Health.directory(database)).isEmpty();
    }

    @Test
    void namesStatesOfKeysThatAreMissingOrDamaged() throws Exception {
        Path states = dir.resolve("dkim.db");
        assertThat(Health.keyStates(states))
                .containsExactly(
                        "the states of DKIM keys " + states
                                + " is missing: restore it from a backup and restart, or changes and the next start have no keys to sign with");
        Files.writeString(states, "damaged");
        assertThat(Health.keyStates(states)).singleElement().asString().contains("dkim.db is damaged");
        Files.writeString(states, "SQLite format 3\0 and so on");
        assertThat(Health.keyStates(states)).isEmpty();
    }

    @Test
    void namesADomainWithoutKeys() {
        assertThat(Health.withoutKeys(Stream.of(Domain.parse("posthorn.test"))))
                .containsExactly(
                        "the domain posthorn.test has no DKIM keys, its mail goes out unsigned: restore dkim.db and"
                                + " dkim/ from a backup, or make new ones with `posthorn dkim rotate posthorn.test`");
    }

    @Test
    void saysThatThereIsNoDomain() {
        assertThat(Health.domains(List.of()))
                .singleElement()
                .asString()
                .startsWith("there is no domain: mail is answered with 451");
        assertThat(Health.domains(List.of(Domain.parse("posthorn.test")))).isEmpty();
    }

    @Test
    void namesSigningKeysThatAreNotThere() throws Exception {
        Domain domain = Domain.parse("posthorn.test");
        Path there = Files.createFile(dir.resolve("a.pem"));
        DkimKeyFile key = new DkimKeyFile(domain, "a", there);
        DkimKeyFile lost = new DkimKeyFile(domain, "b", dir.resolve("b.pem"));
        assertThat(Health.signingKeys(Stream.of(key))).isEmpty();
        assertThat(Health.signingKeys(Stream.of(key, lost, lost)))
                .singleElement()
                .asString()
                .startsWith("the DKIM key " + dir.resolve("b.pem")
                        + " of posthorn.test is missing or not readable to the server's user");
    }

    @Test
    void namesADirectoryThatIsDamaged() throws Exception {
        Path database = dir.resolve("directory.db");
        for (String damaged : List.of("", "SQLite format", "SQLite format 4\0 and so on")) {
            Files.writeString(database, damaged);
            assertThat(Health.directory(database)).singleElement().asString().contains("directory.db is damaged");
        }
    }

    @Test
    void namesASpoolThatCannotBeWritten() throws Exception {
        Path spool = Files.createDirectory(dir.resolve("spool"));
        assertThat(Health.spool(spool)).isEmpty();
        assertThat(spool).isEmptyDirectory();
        Files.delete(spool);
        assertThat(Health.spool(spool))
                .containsExactly("the spool " + spool
                        + " cannot be written: No such file or directory; mail is refused with 452 until it can");
    }

    @Test
    void namesMailboxesThatCannotBeWritten() throws Exception {
        Path mail = dir.resolve("mail");
        assertThat(Health.mailboxes(mail))
                .containsExactly("mailboxes cannot be written in " + mail
                        + ": No such file or directory; mail waits in the queue until they can");
        Files.createDirectory(mail);
        assertThat(Health.mailboxes(mail)).isEmpty();
        assertThat(mail).isEmptyDirectory();
        Path file = Files.createFile(dir.resolve("file"));
        assertThat(Health.mailboxes(file))
                .singleElement()
                .asString()
                .contains("mailboxes cannot be written in " + file + ": Not a directory");
    }

    @Test
    void namesADiskThatTakesNothing() {
        Path full = Path.of("/proc");
        assumeTrue(Files.isDirectory(full));
        assertThat(Health.mailboxes(full)).as("nobody can write there").hasSize(1);
    }
}
