package org.posthorn.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A domain of ours as the world sees it: check.test on two Knots, 127.0.0.1 and 127.0.0.2, below test on a third; the first has the
 * root and the reverse zone too and stands for a recursive server. openssl serves the MTA-STS policy.
 */
final class CheckedDomain implements AutoCloseable {
    static final String DOMAIN = "check.test";

    private static final int DNS = 5410;
    private static final int HTTPS = 5443;
    private static final String HEAD = "$TTL 300\n@ SOA ns1.check.test. root.check.test. 1 60 60 600 60\n";
    private static final String POLICY = "version: STSv1\r\nmode: enforce\r\nmx: mx.check.test\r\nmax_age: 604800\r\n";

    private final Path dir;
    private final List<Process> processes = new ArrayList<>();
    private final Map<String, String> right = new HashMap<>();

    CheckedDomain(Path dir) throws Exception {
        this.dir = dir;
        Files.createDirectories(dir.resolve("www/.well-known"));
        Tool.run(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "30",
                        "-subj",
                        "/CN=mx.check.test",
                        "-addext",
                        "subjectAltName=DNS:mx.check.test,DNS:mta-sts.check.test",
                        "-keyout",
                        dir.resolve("key.pem").toString(),
                        "-out",
                        dir.resolve("cert.pem").toString())
                .succeeded();
        configure("");
        posthorn("domain", "add", DOMAIN).succeeded();
        right.put("1/root", HEAD + """
                . NS ns1.check.test.
                test. NS ns.test.
                127.in-addr.arpa. NS ns1.check.test.
                ns1.check.test. A 127.0.0.1
                ns.test. A 127.0.0.3
                """);
        right.put("1/127.in-addr.arpa", HEAD + "@ NS ns1.check.test.\n1.0.0 PTR mx.check.test.\n");
        String test = HEAD + """
                @ NS ns
                ns A 127.0.0.3
                check NS ns1.check
                check NS ns2.check
                ns1.check A 127.0.0.1
                ns2.check A 127.0.0.2
                """;
        right.put("1/test", test);
        right.put("3/test", test);
        String records = posthorn("dns", "records", DOMAIN).succeeded().output();
        String domain = HEAD + """
                @ NS ns1
                @ NS ns2
                ns1 A 127.0.0.1
                ns2 A 127.0.0.2
                """ + records;
        right.put("1/" + DOMAIN, domain);
        right.put("2/" + DOMAIN, domain);
        mend();
        launch();
    }

    private void configure(String dns) throws IOException {
        Files.writeString(dir.resolve("posthorn.toml"), """
                [server]
                hostname = "mx.check.test"
                data = "%1$s/data"
                [tls]
                certificate = "%1$s/cert.pem"
                key = "%1$s/key.pem"
                [dns]
                timeout = "5s"
                %2$s
                [dns.publish]
                addresses = ["127.0.0.1"]
                caa-issuers = ["letsencrypt.org"]
                mta-sts = "enforce"
                [dns.check]
                blocklists = ["bl.check.test"]
                timeout = "5s"
                """.formatted(dir, dns));
    }

    private void launch() throws Exception {
        Map<String, List<String>> zones = Map.of(
                "1", List.of(".", "test", "127.in-addr.arpa", DOMAIN), "2", List.of(DOMAIN), "3", List.of("test"));
        for (Map.Entry<String, List<String>> knot : zones.entrySet()) {
            Path home = dir.resolve(knot.getKey());
            StringBuilder config = new StringBuilder(KnotConfig.head(home, "127.0.0." + knot.getKey(), DNS));
            config.append("""
                    template:
                      - id: default
                        storage: %1$s
                        journal-content: none
                        zonefile-load: whole
                        semantic-checks: off
                    zone:
                    """.formatted(home));
            for (String zone : knot.getValue()) {
                config.append("  - domain: ")
                        .append(zone)
                        .append("\n    file: ")
                        .append(file(zone))
                        .append(".zone\n");
            }
            Path file = Files.writeString(home.resolve("knot.conf"), config);
            begin(home, "/usr/sbin/knotd", "-c", file.toString());
            Eventually.get(
                    "Knot " + knot.getKey(),
                    Duration.ofSeconds(30),
                    () -> Tool.run(knotc(knot.getKey(), "status")).exit(),
                    exit -> exit == 0);
        }
        begin(
                dir.resolve("www"),
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:" + HTTPS,
                "-quiet",
                "-WWW",
                "-cert",
                dir.resolve("cert.pem").toString(),
                "-key",
                dir.resolve("key.pem").toString());
    }

    private static String file(String zone) {
        return zone.equals(".") ? "root" : zone;
    }

    private void begin(Path home, String... command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start());
    }

    private List<String> knotc(String knot, String... words) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/sbin/knotc", "-s", dir.resolve(knot + "/knot.sock").toString()));
        command.addAll(List.of(words));
        return command;
    }

    private Tool posthorn(String... words) {
        List<String> command =
                new ArrayList<>(List.of(Repository.root().resolve("posthorn").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-c", dir.resolve("posthorn.toml").toString()));
        return Tool.run(command);
    }

    /** All as it should be; takes effect with the next {@link #reload}. */
    void mend() throws IOException {
        configure("");
        for (Map.Entry<String, String> zone : right.entrySet()) {
            Path file = dir.resolve(zone.getKey() + ".zone");
            Files.createDirectories(file.getParent());
            Files.writeString(file, zone.getValue());
        }
        policy(POLICY);
    }

    void policy(String text) throws IOException {
        Files.writeString(dir.resolve("www/.well-known/mta-sts.txt"), text);
    }

    /** Changes a zone on one Knot; the text to be replaced is there, or "" for the end. */
    void edit(String knotAndZone, String text, String other) throws IOException {
        Path file = dir.resolve(knotAndZone + ".zone");
        String zone = Files.readString(file);
        if (!zone.contains(text)) {
            throw new IllegalArgumentException(text + " is not in " + zone);
        }
        Files.writeString(file, text.isEmpty() ? zone + other + "\n" : zone.replace(text, other));
    }

    /** Changes the domain on both its servers. */
    void editDomain(String text, String other) throws IOException {
        edit("1/" + DOMAIN, text, other);
        edit("2/" + DOMAIN, text, other);
    }

    /** Signs the domain and the root, which are then what the configuration trusts; further options of dnssec-signzone for the domain. */
    void sign(String... options) throws IOException {
        String anchors = signed("1/root", ".") + signed("1/" + DOMAIN, DOMAIN, options);
        Files.copy(
                dir.resolve("1/" + DOMAIN + ".zone"),
                dir.resolve("2/" + DOMAIN + ".zone"),
                StandardCopyOption.REPLACE_EXISTING);
        Path file = Files.writeString(dir.resolve("anchors"), anchors);
        configure("dnssec = \"validate\"\ntrust-anchors = \"" + file + "\"");
    }

    private String signed(String file, String zone, String... options) throws IOException {
        Path keys = Files.createTempDirectory(dir, "keys");
        Path records = dir.resolve(file + ".zone");
        Tool.run("dnssec-keygen", "-q", "-K", keys.toString(), "-a", "ECDSAP256SHA256", "-f", "KSK", zone)
                .succeeded();
        List<String> command = new ArrayList<>(List.of(
                "dnssec-signzone",
                "-q",
                "-S",
                "-z",
                "-P",
                "-K",
                keys.toString(),
                "-d",
                keys.toString(),
                "-o",
                zone,
                "-f",
                records + ".signed"));
        command.addAll(List.of(options));
        command.add(records.toString());
        Tool.run(command).succeeded();
        Files.move(Path.of(records + ".signed"), records, StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> files = Files.list(keys)) {
            return Files.readString(
                    files.filter(path -> path.getFileName().toString().startsWith("dsset-"))
                            .findFirst()
                            .orElseThrow());
        }
    }

    void reload() {
        for (String knot : List.of("1", "2", "3")) {
            Tool.run(knotc(knot, "-b", "zone-reload")).succeeded();
        }
    }

    /** What {@code posthorn dns check} says of the domain. */
    Tool check(String... options) {
        List<String> words = new ArrayList<>(List.of(
                "dns",
                "check",
                DOMAIN,
                "--resolver",
                "127.0.0.1:" + DNS,
                "--dns-port",
                "" + DNS,
                "--https-port",
                "" + HTTPS,
                "--authorities",
                dir.resolve("cert.pem").toString()));
        words.addAll(List.of(options));
        return posthorn(words.toArray(String[]::new));
    }

    /** Ends the name servers, so that nobody answers. */
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            process.waitFor();
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
