package org.posthorn.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A tree of zones below a root of our own, signed by BIND's tools and by Knot itself, served by one Knot. */
final class SignedZones {
    private static final String HEAD = """
            $TTL 60
            @ SOA ns.test. root.test. 1 60 60 6000 60
            @ NS ns.test.
            """;
    private static final String HOSTS = """
            @ MX 10 mx
            mx A 192.0.2.1
            www A 192.0.2.2
            _25._tcp.mx TLSA 3 1 1 %s
            alias CNAME www
            second CNAME alias
            outside CNAME www.insecure.test.
            inside CNAME www.nsec3.test.
            dangling CNAME nowhere
            broken CNAME www.tampered.test.
            *.wild TXT "wild"
            deep.empty TXT "below an empty name"
            """.formatted("ab".repeat(32));

    private final Path directory;
    private final KnotServer knot;
    private final TrustAnchors anchors;

    SignedZones(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Map<String, String> zones = new HashMap<>();
        StringBuilder test = new StringBuilder("ns A 127.0.0.1\n");
        for (String name : List.of(
                "secure", "insecure", "nsec3", "expired", "future", "tampered", "stripped", "wrongds", "online")) {
            test.append(name).append(" NS ns\n");
            zones.put(name + ".test", "");
            write(name + ".test", HOSTS);
        }
        test.append(sign("secure.test"));
        test.append(sign("nsec3.test", "-3", "-"));
        test.append(sign("expired.test", "-s", "20200101000000", "-e", "20200201000000"));
        test.append(sign("future.test", "-s", "20900101000000", "-e", "20900201000000"));
        test.append(sign("tampered.test"));
        edit("tampered.test", "192.0.2.2", "192.0.2.66");
        test.append(sign("stripped.test"));
        write("stripped.test", HOSTS);
        test.append(sign("wrongds.test").replaceAll(" [0-9A-F]{8}", " 00000000"));
        test.append(online(zones));
        write("test", test.toString());
        zones.put("test", "");
        String top = sign("test", "-3", "-");
        write(".", top + "test. NS ns.test.\nns.test. A 127.0.0.1\n");
        zones.put(".", "");
        Path file = Files.writeString(directory.resolve("anchors"), sign("."));
        anchors = TrustAnchors.of(file);
        knot = new KnotServer(directory, ONLINE, zones);
    }

    private static final String ONLINE = """
            mod-onlinesign:
              - id: default
            """;

    static boolean arePossible() {
        return Stream.of("knotd", "keymgr", "dnssec-keygen", "dnssec-signzone", "delv")
                .allMatch(program -> KnotServer.program(program).isPresent());
    }

    /** Knot's own signing, with minimal denials made for each question. */
    private String online(Map<String, String> zones) throws IOException, InterruptedException {
        zones.put("online.test", "    module: mod-onlinesign/default\n");
        Path config = KnotServer.writeConfig(directory, 1, ONLINE, Map.of("online.test", zones.get("online.test")));
        Files.createDirectories(directory.resolve("db"));
        String keymgr = KnotServer.program("keymgr").orElseThrow().toString();
        KnotServer.run(
                directory,
                List.of(
                        keymgr,
                        "-c",
                        config.toString(),
                        "online.test",
                        "generate",
                        "algorithm=ecdsap256sha256",
                        "ksk=yes",
                        "zsk=yes"));
        return KnotServer.run(directory, List.of(keymgr, "-c", config.toString(), "online.test", "ds"));
    }

    private Path file(String zone) {
        return directory.resolve((zone.equals(".") ? "root" : zone) + ".zone");
    }

    private void write(String zone, String records) throws IOException {
        Files.writeString(file(zone), "$ORIGIN " + zone + (zone.equals(".") ? "" : ".") + "\n" + HEAD + records);
    }

    private void edit(String zone, String text, String other) throws IOException {
        Files.writeString(file(zone), Files.readString(file(zone)).replace(text, other));
    }

    /** Signs the zone in its file; the DS records for its parent. */
    private String sign(String zone, String... options) throws IOException, InterruptedException {
        Path keys = Files.createTempDirectory(directory, "keys");
        KnotServer.run(
                keys,
                List.of(
                        KnotServer.program("dnssec-keygen").orElseThrow().toString(),
                        "-q",
                        "-a",
                        "ECDSAP256SHA256",
                        "-f",
                        "KSK",
                        zone));
        List<String> command = new ArrayList<>(List.of(
                KnotServer.program("dnssec-signzone").orElseThrow().toString(),
                "-q",
                "-S",
                "-z",
                "-P",
                "-K",
                keys.toString(),
                "-o",
                zone,
                "-f",
                file(zone) + ".signed"));
        command.addAll(List.of(options));
        command.add(file(zone).toString());
        KnotServer.run(keys, command);
        Files.move(Path.of(file(zone) + ".signed"), file(zone), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> files = Files.list(keys)) {
            return Files.readString(
                    files.filter(file -> file.getFileName().toString().startsWith("dsset-"))
                            .findFirst()
                            .orElseThrow());
        }
    }

    InetSocketAddress address() {
        return knot.address();
    }

    TrustAnchors anchors() {
        return anchors;
    }

    /** What BIND says of the same question: secure, insecure or bogus. */
    String delv(String name, String type) throws IOException, InterruptedException {
        Path keys = directory.resolve("delv.keys");
        StringBuilder text = new StringBuilder("trust-anchors {\n");
        anchors.text().lines().forEach(line -> {
            String[] words = line.split("\\s+", -1);
            text.append(". static-ds ")
                    .append(String.join(" ", words[4], words[5], words[6]))
                    .append(" \"")
                    .append(words[7])
                    .append("\";\n");
        });
        Files.writeString(keys, text.append("};\n"));
        String said = KnotServer.run(
                directory,
                List.of(
                        KnotServer.program("delv").orElseThrow().toString(),
                        "@127.0.0.1",
                        "-p",
                        String.valueOf(address().getPort()),
                        "-a",
                        keys.toString(),
                        "+root=.",
                        name,
                        type));
        if (said.contains("resolution failed: ") && !said.contains("resolution failed: ncache")) {
            return "bogus";
        }
        // With aliases, it speaks of each step.
        if (said.contains("unsigned answer")) {
            return "insecure";
        }
        return said.contains("fully validated") ? "secure" : said;
    }

    void close() throws InterruptedException {
        knot.close();
    }
}
