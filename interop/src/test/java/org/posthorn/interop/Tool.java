package org.posthorn.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, three minutes at most. */
record Tool(int exit, String output) {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Skips the calling test, by the program's name, where it is not installed; in CI that is a failure. */
    static void require(String program) {
        boolean there = List.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
        if (!there && System.getenv("CI") != null) {
            throw new AssertionError(program + " is not installed; in CI nothing may be absent");
        }
        assumeTrue(there, program + " is not installed");
    }

    static Tool run(String... command) {
        return run(Map.of(), new byte[0], List.of(command));
    }

    static Tool run(List<String> command) {
        return run(Map.of(), new byte[0], command);
    }

    /** Runs a program with these additions to its environment and this standard input; output and errors come together. */
    static Tool run(Map<String, String> environment, byte[] input, List<String> command) {
        try {
            Path output = Files.createTempFile("tool", ".out");
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input);
            } catch (IOException e) {
                // The program has ended without reading all of it; its output tells why.
            }
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + LIMIT);
            }
            String text = Files.readString(output, StandardCharsets.ISO_8859_1);
            Files.delete(output);
            return new Tool(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** This, if the program succeeded; else an error with all it said. */
    Tool succeeded() {
        if (exit != 0) {
            throw new AssertionError("exit status " + exit + ":\n" + output);
        }
        return this;
    }
}
