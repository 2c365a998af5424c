package org.posthorn.dns;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Knot DNS of the test's own on a free port of loopback, with the zones of a directory: authoritative for them, for all else it refuses. */
final class KnotServer {
    private static final int START_SECONDS = 20;

    private final Path directory;
    private final InetSocketAddress address;
    private final Process process;

    /**
     * @param more lines of knot.conf before the zones
     * @param zones by name, with further lines of knot.conf for each; the records are in {@code NAME.zone}, the root's in {@code root.zone}
     */
    KnotServer(Path directory, String more, Map<String, String> zones) throws IOException, InterruptedException {
        this.directory = directory;
        this.address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), freePort());
        Path config = writeConfig(directory, address.getPort(), more, zones);
        process = new ProcessBuilder(program("knotd").orElseThrow().toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("knot.log").toFile())
                .start();
        awaitStart();
    }

    static boolean isInstalled() {
        return program("knotd").isPresent();
    }

    /** Where a program is, if it is. */
    static Optional<Path> program(String name) {
        return Stream.of("/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/")
                .map(folder -> Path.of(folder + name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The same configuration serves keymgr before the server runs. */
    static Path writeConfig(Path directory, int port, String more, Map<String, String> zones) throws IOException {
        StringBuilder text =
                new StringBuilder("""
                server:
                  rundir: %1$s
                  listen: 127.0.0.1@%2$d
                  udp-workers: 1
                  tcp-workers: 1
                  background-workers: 1
                log:
                  - target: stdout
                    any: info
                database:
                  storage: %1$s/db
                """.formatted(directory, port)).append(more).append("zone:\n");
        zones.forEach((name, lines) -> text.append("""
                  - domain: %2$s
                    file: %1$s/%3$s.zone
                    journal-content: none
                    zonefile-load: whole
                    zonefile-sync: -1
                    semantic-checks: off
                """.formatted(directory, name, name.equals(".") ? "root" : name))
                .append(lines));
        Path config = directory.resolve("knot.conf");
        Files.writeString(config, text);
        return config;
    }

    private static int freePort() throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
                DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), loopback)) {
            return udp.getLocalPort();
        }
    }

    private void awaitStart() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        Path log = directory.resolve("knot.log");
        // The zones are loaded by then: it says so last.
        while (!Files.readString(log).contains("server started")) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw new IOException("knotd does not start: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Runs a program to its end. */
    static String run(Path directory, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "run", ".log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        String text = Files.readString(output);
        Files.delete(output);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + text);
        }
        return text;
    }

    void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
