package org.posthorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
