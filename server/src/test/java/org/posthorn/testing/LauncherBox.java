package org.posthorn.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A small checkout with the real launcher, in which Maven and the JDKs are scripts that write down how they were
 * called, on a machine (home, PATH, environment) where nothing else is installed.
 */
public final class LauncherBox {
    /** What a run of the launcher said, and its exit status. */
    public record Run(int status, String out, String err) {}

    /** Where nobody answers: no test may reach for a JDK of the world's. */
    public static final String NO_SERVER = "http://127.0.0.1:9";

    private static final List<String> TOOLS =
            """
            awk bash cat chmod curl env find flock grep gzip head mkdir mktemp mv readlink rm sed sha256sum sleep sort tar
            timeout touch uname wget""".lines().flatMap(line -> Stream.of(line.split(" ", -1))).toList();

    private final Path folder;
    private final Map<String, String> environment = new LinkedHashMap<>();

    public LauncherBox(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(checkout().resolve("server/src/main/java"));
        copy("posthorn");
        for (String part :
                List.of("build.sh", "fuzz.sh", "jdk.sh", "prove.sh", "prove-stress.sh", "test-report", "test.sh")) {
            copy("tools/" + part);
        }
        copy(".mvn/wrapper/maven-wrapper.properties");
        write(checkout().resolve("pom.xml"), "<project/>");
        write(checkout().resolve("server/pom.xml"), "<project/>");
        source("Posthorn.java", "one");
        script(checkout().resolve("mvnw"), """
                echo "$*" >>"%s"
                mkdir -p server/target && : >server/target/posthorn.jar
                """.formatted(mavenCalls()));
        for (String tool : TOOLS) {
            Optional<Path> found = where(tool);
            if (found.isPresent()) {
                script(bin().resolve(tool), "exec " + found.get() + " \"$@\"\n");
            }
        }
        environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        environment.put("PATH", bin().toString());
        environment.put("POSTHORN_JDK_URL", NO_SERVER);
        environment.put("POSTHORN_JVM_PLACES", folder.resolve("jvm").toString());
    }

    public Path checkout() {
        return folder.resolve("checkout");
    }

    public Path bin() {
        return folder.resolve("bin");
    }

    /** One line for each time Maven was called. */
    public Path mavenCalls() {
        return folder.resolve("maven-calls");
    }

    /** Where {@code ./posthorn jdk} installs. */
    public Path installedJdk() {
        return folder.resolve("home/.cache/posthorn/jdk");
    }

    /** Is there a program to download with? */
    public boolean canDownload() {
        return Files.exists(bin().resolve("curl")) || Files.exists(bin().resolve("wget"));
    }

    public LauncherBox with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Writes a source of the program, a second ahead, so that no file system's clock can call it as old as a build. */
    public void source(String name, String text) throws IOException {
        Path file = checkout().resolve("server/src/main/java").resolve(name);
        write(file, text);
        Files.setLastModifiedTime(file.getParent(), FileTime.from(Instant.EPOCH.plusSeconds(86_400)));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
    }

    /** Makes everything there look old, as after a check-out of some time ago. */
    public void age() throws IOException {
        try (Stream<Path> all = Files.walk(checkout())) {
            for (Path file : all.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH.plusSeconds(86_400)));
            }
        }
    }

    /** A JDK whose java prints {@code VERSION: ARGUMENTS} and writes the file that AOT training asks for, to its owner alone. */
    public Path jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        write(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), """
                for word in "$@"; do
                  case $word in -XX:AOTCacheOutput=*) umask 077; echo cache >"${word#*=}" ;; esac
                done
                echo "%s:$$: $*"
                """.formatted(version));
        script(home.resolve("bin/javac"), "exit 9");
        return home;
    }

    public Path jvm(String name, String version) throws IOException {
        return jdk(folder.resolve("jvm").resolve(name), version);
    }

    /** Runs the launcher to its end, for at most a minute. */
    public Run run(String... arguments) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("the launcher does not end: " + Files.readString(err));
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** The launcher's process, not yet started. */
    public ProcessBuilder builder(String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(
                                bin().resolve("bash").toString(),
                                checkout().resolve("posthorn").toString()),
                        Stream.of(arguments))
                .toList());
        builder.directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    public static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/bash\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void copy(String name) throws IOException {
        Path copy = checkout().resolve(name);
        Files.createDirectories(copy.getParent());
        Files.copy(Checkout.root().resolve(name), copy);
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Path> where(String tool) {
        return Stream.of("/usr/bin", "/bin", "/usr/local/bin")
                .map(place -> Path.of(place, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
