package org.posthorn.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.Posthorn;
import org.posthorn.server.Port;
import org.posthorn.testing.ChildJvm;

/** The program as an administrator starts and stops it, in a process of its own. */
class StartTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private record End(int status, String output) {}

    private Path configure(String more) throws IOException {
        StringBuilder toml = new StringBuilder("server.hostname = \"mx.posthorn.test\"\n");
        if (!more.contains("server.data")) {
            toml.append("server.data = \"").append(data()).append("\"\n");
        }
        if (!more.contains("log.file")) {
            toml.append("log.file = \"").append(dir).append("/mail.log\"\n");
        }
        for (Port service : Protocols.ports(Protocols.ALL)) {
            if (!more.contains("listen." + service + " ")) {
                toml.append("listen.").append(service).append(" = []\n");
            }
        }
        return Files.writeString(dir.resolve("posthorn.toml"), toml + more);
    }

    private Path data() {
        return dir.resolve("data");
    }

    private Path output() {
        return dir.resolve("output");
    }

    private Process serve(Path config) throws IOException {
        return ChildJvm.of(Posthorn.class, "serve", "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    private End end(Process process) throws IOException, InterruptedException {
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("ends by itself")
                    .isTrue();
            return new End(process.exitValue(), Files.readString(output(), UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    /** One line that tells thing, reason and remedy, and no trace. */
    private void refuses(Path config, String... words) throws Exception {
        End end = end(serve(config));
        assertThat(end.status()).isEqualTo(1);
        assertThat(end.output()).startsWith("posthorn: ").contains(words).doesNotContain("\tat ", "Exception");
        assertThat(end.output().lines()).hasSize(1);
    }

    private static void await(Path file, String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file) || !Files.readString(file, UTF_8).contains(text)) {
            assertThat(System.nanoTime()).as("waiting for " + text).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("bash", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void reloadsOnHupAndEndsWithStatusZeroOnTerm() throws Exception {
        Process process = serve(configure("listen.smtp = \"127.0.0.1:0\"\n"));
        try {
            await(output(), "posthorn is ready");
            signal(process, "HUP");
            await(dir.resolve("mail.log"), ": reloaded");
            assertThat(process.isAlive()).isTrue();
            signal(process, "TERM");
            assertThat(end(process).status()).isZero();
            await(dir.resolve("mail.log"), ": stopping");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void endsWithStatusZeroOnInterrupt() throws Exception {
        Process process = serve(configure(""));
        try {
            await(output(), "posthorn is ready");
            Path note = data().resolve("mail-there");
            assertThat(note).doesNotExist();
            // A first delivery; what is known of it must not wait for the next start.
            Files.createDirectory(data().resolve("mail/alice@posthorn.test"));
            signal(process, "INT");
            assertThat(end(process).status()).isZero();
            assertThat(note).exists();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void namesADataDirectoryThatCannotBeMade() throws Exception {
        Path file = Files.createFile(dir.resolve("file"));
        refuses(
                configure("server.data = \"" + file + "/data\"\n"),
                "cannot make the data directory " + file + "/data: Not a directory;",
                "name another with server.data");
    }

    /** As on a full disk, without the traces that SQLite's library logs. */
    @Test
    void saysWhereTheLibraryCannotBeUnpacked() throws Exception {
        Path nowhere = Path.of("/proc/self");
        assumeTrue(Files.isDirectory(nowhere));
        Files.createDirectory(data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
        Path link = Files.createSymbolicLink(data().resolve("native"), nowhere);
        refuses(configure(""), link + " and loaded from there: is its disk full");
    }

    @Test
    void refusesMailboxesElsewhereThatOthersCanRead() throws Exception {
        Path mail = Files.createDirectory(dir.resolve("mail"));
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rwxr-xr-x"));
        refuses(configure("mailbox.directory = \"" + mail + "\"\n"), "chmod 700 " + mail);
        Path link = Files.createSymbolicLink(data().resolve("mail"), mail);
        refuses(configure(""), "chmod 700 " + link);
    }

    @Test
    void refusesToTakeAMountPointForTheMailboxes() throws Exception {
        Files.createDirectory(data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(data().resolve("mail-there"), "");
        refuses(
                configure(""),
                "nothing is in the directory of the mailboxes, " + data().resolve("mail"),
                "is its file system mounted?",
                "remove " + data().resolve("mail-there"));
        assertThat(data().resolve("mail")).doesNotExist();
    }

    @Test
    void namesALogThatCannotBeOpened() throws Exception {
        refuses(
                configure("log.file = \"" + Files.createDirectory(dir.resolve("folder")) + "\"\n"),
                "cannot open the log: " + dir.resolve("folder"),
                "see log.file");
    }

    @Test
    void namesAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refuses(
                    configure("listen.imap = \"127.0.0.1:" + taken.getLocalPort() + "\"\n"),
                    "cannot listen on /127.0.0.1:" + taken.getLocalPort() + " for imap: Address already in use;",
                    "see with \"ss -ltnp\" which program has it");
        }
    }

    @Test
    void namesADamagedDirectory() throws Exception {
        try (DataLock _ = DataLock.take(new DataDirectory(data())).orElseThrow()) {
            Files.writeString(data().resolve("directory.db"), "This was a database. ".repeat(100));
        }
        refuses(
                configure(""),
                "the directory: cannot open " + data().resolve("directory.db") + ": it is damaged",
                "restore it from a backup");
    }

    @Test
    void namesDamagedStatesOfKeys() throws Exception {
        try (DataLock _ = DataLock.take(new DataDirectory(data())).orElseThrow()) {
            Files.writeString(data().resolve("dkim.db"), "This was a database. ".repeat(100));
        }
        refuses(
                configure(""),
                "cannot open " + data().resolve("dkim.db") + ": it is damaged",
                "restore it from a backup");
    }

    @Test
    void namesADamagedFileOfReports() throws Exception {
        try (DataLock _ = DataLock.take(new DataDirectory(data())).orElseThrow()) {
            Files.writeString(data().resolve("reports.db"), "This was a database. ".repeat(100));
        }
        refuses(
                configure(""),
                "cannot open " + data().resolve("reports.db") + ": it is damaged",
                "restore it from a backup");
    }

    @Test
    void namesTheLineOfBadToml() throws Exception {
        Path config =
                Files.writeString(dir.resolve("bad.toml"), "server.hostname = \"mx.posthorn.test\"\nlisten.smtp = [\n");
        End end = end(serve(config));
        assertThat(end.status()).isEqualTo(1);
        assertThat(end.output()).startsWith("posthorn: " + config + ":").doesNotContain("\tat ", "Exception");
    }

    @Test
    void namesAConfigurationThatIsNotThere() throws Exception {
        refuses(dir.resolve("none.toml"), dir.resolve("none.toml") + ": no such file; name another with --config");
    }

    @Test
    void namesAServerThatRunsAlready() throws Exception {
        try (DataLock _ = DataLock.take(new DataDirectory(data())).orElseThrow()) {
            refuses(configure(""), "another posthorn is running on " + data());
        }
    }
}
