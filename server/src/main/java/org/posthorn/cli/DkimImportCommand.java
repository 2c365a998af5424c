package org.posthorn.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.config.ConfigException;
import org.posthorn.config.opendkim.OpenDkimPlan;
import org.posthorn.config.opendkim.OpenDkimReader;
import org.posthorn.config.pem.PemException;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code posthorn dkim import}: takes OpenDKIM's keys over. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Take the signing keys of OpenDKIM over, with their selectors, and say which of its settings match which of ours.",
            "The domains must be there (posthorn domain add, or --add-domains); OpenDKIM's files stay as they are."
        })
final class DkimImportCommand implements Callable<Integer> {
    /** Octets of a file that is read. */
    private static final long MAX_FILE = 16 << 20;

    private final Program program;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--from",
            paramLabel = "FILE",
            defaultValue = "/etc/opendkim.conf",
            description = "OpenDKIM's configuration (default: ${DEFAULT-VALUE})")
    private Path from = Path.of("/etc/opendkim.conf");

    @Option(names = "--add-domains", description = "add the domains that OpenDKIM names in full and that are not there")
    private boolean addDomains;

    @Option(names = "--dry-run", description = "show what would be done, and change nothing")
    private boolean dryRun;

    DkimImportCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws ConfigException, AdminException, IOException {
        String text = read(from.toString()).orElseThrow(() -> new IOException("cannot read " + from));
        Set<String> ours = domains();
        OpenDkimPlan plan = OpenDkimReader.plan(text, DkimImportCommand::read, ours);
        boolean complete = !plan.keys().isEmpty();
        Set<String> algorithms = new HashSet<>();
        for (OpenDkimPlan.Key key : plan.keys()) {
            String outcome = takeOver(key, ours, algorithms);
            complete &= outcome.isEmpty();
            String done = dryRun ? "would be taken over" : "taken over, and signs";
            print("key " + key.selector() + " of " + key.domain() + " (" + key.file() + "): "
                    + (outcome.isEmpty() ? done : outcome));
        }
        for (OpenDkimPlan.Subdomain subdomain : plan.subdomains()) {
            String outcome = haveDomain(subdomain.domain(), ours);
            complete &= outcome.isEmpty();
            print("domain " + subdomain.domain() + ": "
                    + (outcome.isEmpty()
                            ? "signs as " + subdomain.parent() + " while it has no key of its own that signs"
                            : outcome));
        }
        plan.settings().forEach(line -> print("setting for posthorn.toml: " + line));
        plan.remarks().forEach(remark -> print("not taken over: " + remark));
        return complete ? 0 : 1;
    }

    /** Those of Posthorn, which a dry run can do without. */
    private Set<String> domains() throws ConfigException, AdminException, IOException {
        Set<String> names = new HashSet<>();
        try (AdminApi admin = program.admin(config.file)) {
            admin.domains().list(domain -> names.add(domain.domain().name()));
        } catch (ConfigException | AdminException | IOException e) {
            if (!dryRun) {
                throw e;
            }
            print("note: the domains of Posthorn are not known here: " + e.getMessage());
        }
        return names;
    }

    /** What went wrong; "" for nothing. */
    private String takeOver(OpenDkimPlan.Key key, Set<String> ours, Set<String> algorithms)
            throws ConfigException, IOException {
        Optional<String> pem = read(key.file());
        if (pem.isEmpty()) {
            return "cannot read the file";
        }
        Optional<DkimAlgorithm> algorithm;
        try {
            algorithm = DkimKeyRecord.algorithm(PrivateKeys.parse(pem.get()));
        } catch (PemException e) {
            return String.valueOf(e.getMessage());
        }
        if (algorithm.isEmpty()) {
            return "neither an RSA nor an Ed25519 key: posthorn domain add makes keys that can be used";
        }
        if (!algorithms.add(key.domain() + " " + algorithm.get())) {
            return "a domain signs with one key of each kind, and another of this kind has been taken over";
        }
        String lack = haveDomain(key.domain(), ours);
        if (dryRun || !lack.isEmpty()) {
            return lack;
        }
        try (AdminApi admin = program.admin(config.file)) {
            admin.dkim().adopt(Domain.parse(key.domain()), key.selector(), pem.get());
            return "";
        } catch (AdminException | MalformedAddressException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Adds a domain if it has to be, and may be; "" when it is there. */
    private String haveDomain(String domain, Set<String> ours) throws ConfigException, IOException {
        if (ours.contains(domain)) {
            return "";
        }
        if (!addDomains) {
            return "domain " + domain + " is not there: posthorn domain add " + domain + ", or --add-domains";
        }
        if (!dryRun) {
            try (AdminApi admin = program.admin(config.file)) {
                admin.domains().add(Domain.parse(domain));
            } catch (AdminException | MalformedAddressException e) {
                return String.valueOf(e.getMessage());
            }
        }
        ours.add(domain);
        print("domain " + domain + (dryRun ? " would be added" : " added"));
        return "";
    }

    private static void print(String line) {
        System.out.println(MailLog.safe(line));
    }

    private static Optional<String> read(String path) {
        try {
            Path file = Path.of(path);
            return Files.isRegularFile(file) && Files.size(file) <= MAX_FILE
                    ? Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1))
                    : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
