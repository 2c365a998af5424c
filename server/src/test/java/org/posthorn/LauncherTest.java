package org.posthorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.LauncherBox;
import org.posthorn.testing.LauncherBox.Run;

/** The launcher: which JDK it takes, when it builds, and what it hands to the program. */
class LauncherTest {
    @TempDir
    Path folder;

    private LauncherBox box;

    @BeforeEach
    void makeBox() throws IOException {
        box = new LauncherBox(folder);
    }

    @Test
    void saysWhatToDoWhereThereIsNoJdkAndNoneCanBeFetched() throws Exception {
        Run run = box.run("account", "list");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("fetching one", LauncherBox.NO_SERVER, "no JDK 25", "set JAVA_HOME");
        assertThat(box.mavenCalls()).doesNotExist();
    }

    @Test
    void helpNeedsNoJdk() throws Exception {
        for (String word : List.of("help", "--help", "-h")) {
            Run run = box.run(word);

            assertThat(run.status()).isZero();
            assertThat(run.out()).contains("demo [--dir DIR]", "test [--interop]", "fuzz NAME", "jdk [--show]");
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void takesJavaHomeWhereItIsNewEnough() throws Exception {
        box.jvm("other", "25.0.1");
        Path home = box.jdk(folder.resolve("mine"), "26");

        assertThat(box.with("JAVA_HOME", home.toString()).run("jdk", "--show").out())
                .isEqualTo(home + "\n");
    }

    @Test
    void passesOverAnOlderJavaHomeAndAnOlderDefaultJava() throws Exception {
        Path old = box.jdk(folder.resolve("old"), "17.0.15");
        Files.createSymbolicLink(box.bin().resolve("java"), old.resolve("bin/java"));
        box.jvm("java-17", "17.0.15");
        box.jvm("java-8", "1.8.0_442");
        Path wanted = box.jvm("temurin-25", "25.0.3");

        assertThat(box.with("JAVA_HOME", old.toString()).run("jdk", "--show").out())
                .isEqualTo(wanted + "\n");
    }

    @Test
    void takesTheJavaOnThePathThroughItsLinks() throws Exception {
        Path home = box.jdk(folder.resolve("somewhere"), "25");
        Path alternative = Files.createSymbolicLink(folder.resolve("alternative"), home.resolve("bin/java"));
        Files.createSymbolicLink(box.bin().resolve("java"), alternative);

        assertThat(box.run("jdk", "--show").out()).isEqualTo(home + "\n");
    }

    @Test
    void looksIntoSdkmanAndTheCacheLast() throws Exception {
        Path cached = box.jdk(box.installedJdk(), "25.0.2");
        box.with("POSTHORN_JVM_PLACES", folder.resolve("jvm") + ":" + folder.resolve("sdkman"));
        assertThat(box.run("jdk", "--show").out()).isEqualTo(cached + "\n");

        Path sdkman = box.jdk(folder.resolve("sdkman/25.0.1-tem"), "25.0.1");
        assertThat(box.run("jdk", "--show").out()).isEqualTo(sdkman + "\n");
    }

    @Test
    void takesAnOrderForAJdkLiterally() throws Exception {
        box.jvm("temurin-25", "25.0.3");
        Path old = box.jdk(folder.resolve("old"), "21");

        Run run = box.with("POSTHORN_JAVA_HOME", old.toString()).run("jdk", "--show");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("POSTHORN_JAVA_HOME=" + old + " is not a JDK 25 or newer");
    }

    @Test
    void buildsOnceAndAgainWhereASourceIsNewer() throws Exception {
        box.jvm("temurin-25", "25.0.3");
        box.age();

        assertThat(box.run("--version").status()).isZero();
        assertThat(box.run("--version").err()).isEmpty();
        assertThat(box.mavenCalls()).content().hasLineCount(1);

        box.source("Posthorn.java", "two");
        assertThat(box.run("--version").status()).isZero();
        assertThat(box.mavenCalls()).content().hasLineCount(2);
    }

    @Test
    void buildsAgainAfterAFailedBuild() throws Exception {
        box.jvm("temurin-25", "25.0.3");
        LauncherBox.script(box.checkout().resolve("mvnw"), "echo once >>'" + box.mavenCalls() + "'; exit 1\n");
        box.age();

        for (int attempt = 1; attempt <= 2; attempt++) {
            Run run = box.run("--version");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).endsWith("posthorn: the build failed\n");
            assertThat(box.mavenCalls()).content().hasLineCount(attempt);
        }
    }

    @Test
    void handsTheCommandToTheProgramWithItsFlags() throws Exception {
        box.jvm("temurin-25", "25.0.3");
        box.age();
        box.run("--version");

        Run run = box.with("POSTHORN_JAVA_OPTS", "-Xmx1g -Dwith=value").run("account", "add", "a b");
        assertThat(run.out())
                .contains("-XX:+UseSerialGC")
                .contains("-XX:AOTCache=" + box.checkout() + "/server/target/posthorn-25.0.3.aot")
                .contains("-Xmx1g -Dwith=value -jar " + box.checkout() + "/server/target/posthorn.jar account add a b");
    }

    /** Whoever builds may be another than the user that the server runs as. */
    @Test
    void makesTheCacheForWhoeverRunsTheCheckout() throws Exception {
        box.jvm("temurin-25", "25.0.3");
        box.run("--version");
        assertThat(Files.getPosixFilePermissions(box.checkout().resolve("server/target/posthorn-25.0.3.aot")))
                .contains(PosixFilePermission.OTHERS_READ);
    }

    @Test
    void leavesTheChoiceOfCollectorToTheUser() throws Exception {
        box.jvm("temurin-25", "25.0.3");

        Run run = box.with("POSTHORN_JAVA_OPTS", "-XX:+UseZGC").run("serve");
        assertThat(run.out()).contains("-XX:+UseZGC").doesNotContain("UseSerialGC");
    }

    @Test
    void startsWithoutACacheWhereTrainingFails() throws Exception {
        Path home = box.jvm("temurin-25", "25.0.3");
        LauncherBox.script(home.resolve("bin/java"), "case $* in *aot-train*) exit 3 ;; esac; echo ran: \"$@\"\n");
        box.age();

        Run first = box.run("serve");
        assertThat(first.status()).isZero();
        assertThat(first.out()).startsWith("ran:").doesNotContain("AOTCache");
        assertThat(box.run("serve").err()).as("not trained again").isEmpty();
    }

    @Test
    void becomesTheProgramUnderItsOwnProcessId() throws Exception {
        box.jvm("temurin-25", "25.0.3");
        box.age();
        box.run("--version");

        Process process = box.builder("serve").redirectErrorStream(true).start();
        String line;
        try (var reader = process.inputReader()) {
            line = reader.readLine();
        }
        assertThat(line).startsWith("25.0.3:" + process.pid() + ":");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void rejectsMisuseOfItsOwnCommands() throws Exception {
        box.jvm("temurin-25", "25.0.3");

        assertThat(box.run("fuzz").err()).contains("fuzz --list");
        assertThat(box.run("fuzz", "Nothing").status()).isEqualTo(2);
        assertThat(box.run("fuzz", "Nothing", "--seconds", "soon").err()).contains("not 'soon'");
        assertThat(box.run("jdk", "--nonsense").status()).isEqualTo(2);
        assertThat(box.mavenCalls()).doesNotExist();
    }

    @Test
    void namesTheStagesOfProve() throws Exception {
        assertThat(box.run("prove", "--list").out())
                .startsWith("mutation PACKAGE ")
                .contains("\nstress [--minutes N] ");
        assertThat(box.run("help").out()).contains("prove STAGE");
    }

    @Test
    void refusesAStageOrPackageThatThereIsNot() throws Exception {
        box.jvm("temurin-25", "25.0.3");
        Files.createDirectories(box.checkout().resolve("server/src/main/java/org/posthorn/mail"));

        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("luck"),
                List.of("mutation"),
                List.of("mutation", "nothing.there"),
                List.of("mutation", "../mail"),
                List.of("mutation", "mail", "queue"),
                List.of("mutation", "mail", "--class", "NotThere"),
                List.of("mutation", "mail", "--minutes", "0"),
                List.of("stress", "mail"),
                List.of("stress", "--sessions", "0"),
                List.of("stress", "--minutes"))) {
            Run run = box.run(Stream.concat(Stream.of("prove"), wrong.stream()).toArray(String[]::new));

            assertThat(run.status()).as("%s", wrong).isEqualTo(2);
            assertThat(run.err()).startsWith("posthorn: prove: ");
        }
        assertThat(box.mavenCalls()).doesNotExist();
    }

    @Test
    void failsWhereTheTestsNoticeTooFewMutants() throws Exception {
        mutants("KILLED", "KILLED", "TIMED_OUT", "SURVIVED");

        Run run = box.run("prove", "mutation", "mail");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("""
                        Header.java:3 read BooleanMutator SURVIVED
                        Header                              3 killed    1 survived
                        3 of 4 mutants killed: 75.0 %, at least 85 % asked
                        """);
        assertThat(box.mavenCalls())
                .content()
                .contains(
                        "-Pmutation -pl server test-compile org.pitest:pitest-maven:mutationCoverage",
                        "-Dmutation.classes=org.posthorn.mail.*",
                        "-Dmutation.tests=org.posthorn.mail.*");
    }

    @Test
    void tellsTheFiguresAgainWhereNothingChanged() throws Exception {
        mutants("KILLED", "KILLED", "KILLED", "KILLED", "KILLED", "KILLED", "NO_COVERAGE");
        box.age();

        Run first = box.run("prove", "mutation", "mail", "--class", "Header");
        Run second = box.run("prove", "mutation", "mail", "--class", "Header");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(second.status()).isZero();
        assertThat(second.out()).isEqualTo(first.out()).contains("6 of 7 mutants killed: 85.7 %");
        assertThat(box.mavenCalls()).content().hasLineCount(1).contains("-Dmutation.classes=org.posthorn.mail.Header ");

        assertThat(box.run("prove", "mutation", "mail", "--class", "Header", "--again")
                        .status())
                .isZero();
        assertThat(box.mavenCalls()).content().hasLineCount(2);
    }

    @Test
    void tellsNoFiguresOfARunThatFailed() throws Exception {
        mutants("KILLED");
        LauncherBox.script(box.checkout().resolve("mvnw"), "echo '[ERROR] no luck'; exit 1\n");

        Run run = box.run("prove", "mutation", "mail");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("[ERROR] no luck", "no figures for mail");
    }

    /** A package with one class, and a Maven that reports these outcomes for it. */
    private void mutants(String... outcomes) throws IOException {
        box.jvm("temurin-25", "25.0.3");
        Path sources = Files.createDirectories(box.checkout().resolve("server/src/main/java/org/posthorn/mail"));
        Files.writeString(sources.resolve("Header.java"), "class Header {}");
        String report = Stream.of(outcomes)
                .map(outcome ->
                        "Header.java,org.posthorn.mail.Header,org.pitest.BooleanMutator,read,3," + outcome + ",none")
                .collect(Collectors.joining("\n"));
        LauncherBox.script(box.checkout().resolve("mvnw"), """
                echo "$*" >>"%s"
                for word in "$@"; do
                  case $word in -Dmutation.report=*) echo '%s' >"${word#*=}/mutations.csv" ;; esac
                done
                """.formatted(box.mavenCalls(), report));
    }
}
