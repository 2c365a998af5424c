package org.posthorn.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The configuration that the demo writes: nothing in it is special, each line could stand in anybody's file. */
record DemoConfig(
        Path home,
        String domain,
        Optional<String> resolver,
        Map<String, String> routes,
        Map<String, Path> dkimKeys,
        Map<String, String> settings) {

    String toml() {
        StringBuilder toml = new StringBuilder("""
                # Written by "posthorn demo" at each start.
                server.hostname = %s
                server.data = %s
                listen.smtp = "127.0.0.1:2525"
                listen.submission = "127.0.0.1:2587"
                listen.submissions = "127.0.0.1:2465"
                listen.imap = "127.0.0.1:2143"
                listen.imaps = "127.0.0.1:2993"
                listen.pop3 = "127.0.0.1:2110"
                listen.pop3s = "127.0.0.1:2995"
                listen.http = "127.0.0.1:8080"
                # Loopback only, so that load generators and first tries need no TLS; the default is false.
                imap.plaintext-login = true
                pop3.plaintext-login = true
                log.file = %s
                """.formatted(
                        quoted("mx." + domain),
                        quoted(home.toString()),
                        quoted(home.resolve("log/mail.log").toString())));
        resolver.ifPresent(server -> line(toml, "dns.servers", quoted(server)));
        routes.forEach((name, hop) -> line(toml, "delivery.routes." + quoted(name), quoted(hop)));
        dkimKeys.forEach((selector, file) -> line(
                toml,
                "dkim." + quoted(domain) + "." + quoted(selector),
                quoted(file.toAbsolutePath().toString())));
        settings.forEach((key, value) -> line(toml, key, value));
        return toml.toString();
    }

    private static void line(StringBuilder toml, String key, String value) {
        toml.append(key).append(" = ").append(value).append('\n');
    }

    /** A TOML basic string. */
    private static String quoted(String text) {
        StringBuilder result = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                result.append('\\').append((char) c);
            } else if (c < 0x20) {
                result.append("\\u%04X".formatted(c));
            } else {
                result.append((char) c);
            }
        });
        return result.append('"').toString();
    }
}
