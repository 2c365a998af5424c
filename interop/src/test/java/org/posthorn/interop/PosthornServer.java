package org.posthorn.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Posthorn's demo beside the peers: the same program, ports and files that a newcomer gets. */
final class PosthornServer implements AutoCloseable {
    static final int SMTP = 2525;
    static final int SUBMISSION = 2587;
    static final int SUBMISSIONS = 2465;
    static final int IMAP = 2143;
    static final int IMAPS = 2993;
    static final int POP3 = 2110;
    static final int POP3S = 2995;
    static final int HTTP = 8080;
    static final String PASSWORD = "posthorn-demo";

    private final Path dir;
    private final List<String> options;
    private Process process;

    private PosthornServer(Path dir, List<String> options) throws IOException {
        this.dir = dir;
        this.options = options;
        this.process = launch();
    }

    /** Starts with the peers' DNS, their DKIM keys and a route to their Postfix; further options as given. */
    static PosthornServer start(Path dir, String... more) throws Exception {
        return startAsking(Peers.RESOLVER, dir, more);
    }

    /** The same with settings, each as a line of the configuration. */
    static PosthornServer configured(Path dir, String... settings) throws Exception {
        return start(
                dir,
                Stream.of(settings)
                        .flatMap(setting -> Stream.of("--set", setting))
                        .toArray(String[]::new));
    }

    /** The same with another name server. */
    static PosthornServer startAsking(String nameServer, Path dir, String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of("--users", "20"));
        options.addAll(List.of("--resolver", nameServer, "--route", "peer.test=127.0.0.1:" + Peers.SMTP));
        options.addAll(List.of("--dkim", "s1=" + Peers.DIR.resolve("dkim/posthorn.s1.pem")));
        options.addAll(List.of("--dkim", "e1=" + Peers.DIR.resolve("dkim/posthorn.e1.pem")));
        options.addAll(List.of(more));
        PosthornServer server = new PosthornServer(dir, options);
        try {
            server.awaitReady();
            return server;
        } catch (Exception | AssertionError e) {
            server.close();
            throw e;
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("posthorn").toString());
        command.addAll(List.of("demo", "--dir", dir.toString()));
        command.addAll(options);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start();
    }

    private void awaitReady() throws Exception {
        for (int port : List.of(SMTP, SUBMISSION, SUBMISSIONS, IMAP, IMAPS, POP3, POP3S, HTTP)) {
            Eventually.get("port " + port, Duration.ofMinutes(2), () -> isUp(port) || !process.isAlive(), up -> up);
        }
        if (!process.isAlive()) {
            throw new AssertionError("posthorn ended at once:\n" + Files.readString(output()));
        }
    }

    private static boolean isUp(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the launcher and the server print. */
    Path output() {
        return dir.resolveSibling(dir.getFileName() + ".out");
    }

    Path dir() {
        return dir;
    }

    Path config() {
        return dir.resolve("posthorn.toml");
    }

    Path ca() {
        return dir.resolve("tls/ca.pem");
    }

    Path maildir(String user) {
        return dir.resolve("mail/" + user + "@posthorn.test/Maildir");
    }

    String log() throws IOException {
        return Files.readString(dir.resolve("log/mail.log"));
    }

    long pid() {
        return process.pid();
    }

    /** Submits a message as Alice with a password over TLS, by curl. */
    Tool submit(List<String> recipients, byte[] message) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--ssl-reqd"));
        command.addAll(List.of("--cacert", ca().toString()));
        command.addAll(List.of("--url", "smtp://localhost:" + SUBMISSION));
        command.addAll(List.of("--user", "alice@posthorn.test:" + PASSWORD));
        command.addAll(List.of("--mail-from", "alice@posthorn.test", "--upload-file", "-"));
        recipients.forEach(recipient -> command.addAll(List.of("--mail-rcpt", recipient)));
        return Tool.run(Map.of(), message, command);
    }

    /** Runs one of our own commands against this server. */
    Tool command(String... words) {
        return commandWithInput("", words);
    }

    Tool commandWithInput(String input, String... words) {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("posthorn").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("-c", config().toString()));
        return Tool.run(Map.of(), input.getBytes(StandardCharsets.UTF_8), command);
    }

    /** SIGKILL, as a power cut would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("posthorn did not stop within 30 seconds of SIGTERM");
        }
    }

    void startAgain() throws Exception {
        process = launch();
        awaitReady();
    }

    @Override
    public void close() {
        process.destroy();
        // Killed if it does not stop by itself, so that one failed test cannot hold the ports of the next.
        if (process.onExit()
                .copy()
                .orTimeout(30, TimeUnit.SECONDS)
                .handle((_, late) -> late != null)
                .join()) {
            process.destroyForcibly().onExit().join();
        }
    }
}
