package org.posthorn.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts and stops the two sides: Posthorn by its launcher, the real stack by interop/peers/peers.sh. */
final class Stack {
    private static final int USERS = 20;
    private static final String MILTER_DOMAIN = "milter.test";

    private final Path repository;
    private final Path scratch;
    private final int dns;
    private @Nullable Process posthorn;

    /** @param dns port of the DNS server that Posthorn asks */
    Stack(Path repository, Path scratch, int dns) {
        this.repository = repository;
        this.scratch = scratch;
        this.dns = dns;
    }

    /** A server that runs. */
    record Running(Target target, double secondsToBanner, double secondsToAllPorts) {}

    Running startPosthorn() throws IOException, InterruptedException {
        requireFree(2525);
        Path data = scratch.resolve("posthorn");
        Path log = scratch.resolve("posthorn.out");
        List<String> command =
                new ArrayList<>(List.of(repository.resolve("posthorn").toString(), "demo"));
        command.addAll(List.of("--dir", data.toString(), "--users", "" + USERS));
        command.addAll(List.of("--set", "listen.milter=\"127.0.0.1:2891\""));
        command.addAll(List.of("--resolver", "127.0.0.1:" + dns, "--set", "dns.dnssec=\"off\""));
        command.addAll(List.of("--set", "inbound.authentication.exempt=[\"" + VerificationLoad.EXEMPT + "/32\"]"));
        // The key that the peers' OpenDKIM signs with; it is there once they have been started.
        Path key = scratch.resolve("peers/dkim/peer.s1.pem");
        command.addAll(List.of("--set", "dkim.\"" + MILTER_DOMAIN + "\".s1=\"" + key + "\""));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            awaitBanner(2525, process, log);
            double banner = secondsSince(start);
            for (int port : List.of(2587, 2465, 2143, 2993, 2110, 2995, 8080)) {
                awaitPort(port, process, log);
            }
            double all = secondsSince(start);
            Target target = new Target(
                    "posthorn",
                    "posthorn.test",
                    2525,
                    2587,
                    2143,
                    2993,
                    2110,
                    2891,
                    MILTER_DOMAIN,
                    USERS,
                    data.resolve("mail"),
                    List.of(process.pid()));
            posthorn = process;
            return new Running(target, banner, all);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    void stopPosthorn() throws InterruptedException {
        if (posthorn != null) {
            posthorn.destroy();
            posthorn.waitFor();
        }
    }

    Running startPeers() throws IOException, InterruptedException {
        long start = System.nanoTime();
        peers("start");
        double all = secondsSince(start);
        List<Long> roots = new ArrayList<>();
        for (String pid : output("pids").split("\\s+", -1)) {
            if (!pid.isEmpty()) {
                roots.add(Long.valueOf(pid));
            }
        }
        Target target = new Target(
                "peers",
                "peer.test",
                3625,
                3687,
                3643,
                3693,
                3610,
                3891,
                "peer.test",
                USERS,
                scratch.resolve("peers/mail"),
                roots);
        return new Running(target, all, all);
    }

    void stopPeers() throws IOException, InterruptedException {
        peers("stop");
    }

    private void peers(String verb) throws IOException, InterruptedException {
        Process process = peersProcess(verb)
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("peers.out").toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("peers.sh " + verb + ": " + Files.readString(scratch.resolve("peers.out")));
        }
    }

    private String output(String verb) throws IOException {
        try (var in = peersProcess(verb).start().getInputStream()) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    private ProcessBuilder peersProcess(String verb) {
        ProcessBuilder builder =
                new ProcessBuilder(repository.resolve("interop/peers/peers.sh").toString(), verb);
        builder.environment().put("PEERS_DIR", scratch.resolve("peers").toString());
        builder.environment().put("PEERS_USERS", "" + USERS);
        return builder;
    }

    private static void awaitBanner(int port, Process process, Path log) throws IOException, InterruptedException {
        awaitPort(port, process, log);
        try (Wire wire = new Wire(port, false)) {
            wire.line();
        }
    }

    /** Another server would be measured in place of ours. */
    private static void requireFree(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        } catch (ConnectException e) {
            return;
        }
        throw new IOException("something else listens on port " + port + " already; end it first");
    }

    private static void awaitPort(int port, Process process, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("posthorn did not open port " + port + ":\n" + Files.readString(log), e);
                }
                Thread.sleep(10);
            }
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
