package org.posthorn.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.posthorn.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code posthorn demo}: a whole mail server on loopback, with a domain, accounts and certificates of its own. */
@Command(
        name = "demo",
        description = {
            "Start a whole mail server on loopback: domain posthorn.test, accounts alice and bob.",
            "Its data stay in the directory and are there again at the next start. Ctrl-C ends it."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    static final String DOMAIN = "posthorn.test";
    static final String PASSWORD = "posthorn-demo";

    private final Program program;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "${sys:user.home}/.posthorn-demo",
            description = "where its data lie (default: ${DEFAULT-VALUE})")
    private Path dir = Path.of("posthorn-demo");

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "0",
            description = "add user1 to userN with passwords secret-1 to secret-N")
    private int users;

    @Option(names = "--resolver", paramLabel = "HOST:PORT", description = "the DNS server to ask (key: dns.servers)")
    private Optional<String> resolver = Optional.empty();

    @Option(
            names = "--route",
            paramLabel = "DOMAIN=HOST:PORT",
            description = "next hop of a domain, in place of its MX; may be repeated (table: delivery.routes)")
    private Map<String, String> routes = new LinkedHashMap<>();

    @Option(
            names = "--dkim",
            paramLabel = "SELECTOR=PEMFILE",
            description = "sign with this key; may be repeated (table: dkim.\"" + DOMAIN + "\")")
    private Map<String, Path> dkimKeys = new LinkedHashMap<>();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "any other configuration key, its value as in TOML, "
                    + "e.g. --set smtp.max-message-size='\"100 MiB\"'; may be repeated")
    private Map<String, String> settings = new LinkedHashMap<>();

    DemoCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws ConfigException, IOException {
        if (users < 0 || users > 100_000) {
            throw new IllegalArgumentException("--users: from 0 to 100000, not " + users);
        }
        Path home = dir.toAbsolutePath().normalize();
        Files.createDirectories(home);
        Path config = home.resolve("posthorn.toml");
        closeOwn(home, config);
        Files.writeString(config, new DemoConfig(home, DOMAIN, resolver, routes, dkimKeys, settings).toml());
        program.populate(config, DOMAIN, accounts());
        program.serve(config, () -> announce(System.out, home, config));
        return 0;
    }

    /** The start refuses a folder that others can enter. A new one, and one that an earlier demo left open, is the demo's to close. */
    private static void closeOwn(Path home, Path config) throws IOException {
        boolean own = Files.exists(config);
        if (!own) {
            try (Stream<Path> files = Files.list(home)) {
                own = files.findAny().isEmpty();
            }
        }
        if (own) {
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private Map<String, String> accounts() {
        Map<String, String> accounts = new LinkedHashMap<>();
        accounts.put("alice@" + DOMAIN, PASSWORD);
        accounts.put("bob@" + DOMAIN, PASSWORD);
        for (int i = 1; i <= users; i++) {
            accounts.put("user" + i + "@" + DOMAIN, "secret-" + i);
        }
        return accounts;
    }

    private static void announce(PrintStream out, Path home, Path config) {
        String text = """
                Posthorn is ready, on 127.0.0.1 only: MX 2525, submission 2587 (STARTTLS) and 2465 (TLS),
                IMAP 2143 and 2993 (TLS), POP3 2110 and 2995 (TLS), health and metrics http://localhost:8080/
                Accounts: alice@%1$s and bob@%1$s, password %2$s. Data, CA and log: %3$s

                Send a message to Bob, as Alice, over TLS:
                  printf 'From: alice@%1$s\\r\\nTo: bob@%1$s\\r\\nSubject: Hello\\r\\n\\r\\nIt works.\\r\\n' | \\
                  curl --cacert %3$s/tls/ca.pem --ssl-reqd --url smtp://localhost:2587 --user alice@%1$s:%2$s \\
                       --mail-from alice@%1$s --mail-rcpt bob@%1$s --upload-file -
                or with swaks:
                  swaks --server localhost:2587 --tls --auth PLAIN --auth-user alice@%1$s --auth-password %2$s \\
                        --from alice@%1$s --to bob@%1$s
                Read it:
                  curl --cacert %3$s/tls/ca.pem --user bob@%1$s:%2$s 'imaps://localhost:2993/INBOX;MAILINDEX=1'
                Look around:
                  ./posthorn account list -c %4$s
                Ctrl-C ends it.
                """.formatted(DOMAIN, PASSWORD, home, config);
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
