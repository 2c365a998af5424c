package org.posthorn.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.HostedDomains;
import org.posthorn.admin.http.AdminClient;
import org.posthorn.app.training.TrainingRun;
import org.posthorn.certificates.CertificateException;
import org.posthorn.certificates.OwnAuthority;
import org.posthorn.certificates.TrustedAuthorities;
import org.posthorn.cli.Program;
import org.posthorn.config.ConfigException;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.dns.DnsConfig;
import org.posthorn.dns.DnsjavaResolver;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.server.Port;
import org.posthorn.signing.DkimKeyException;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.check.CheckConfig;
import org.posthorn.zone.check.CheckReport;
import org.posthorn.zone.check.DomainCheck;
import org.posthorn.zone.publish.DomainPublication;

/** What the command line needs, on this machine's files and sockets. */
public final class LocalProgram implements Program {
    @Override
    public void serve(Path config, Runnable ready) throws ConfigException, IOException {
        Server server = Server.start(config.toAbsolutePath(), Configuration.read(config));
        CountDownLatch asked = new CountDownLatch(1);
        // Without these the JVM ends on HUP, and with a status of 128 and more on the others, which systemd counts as a
        // failure.
        Signals.on("HUP", () -> reload(server));
        Signals.on("TERM", asked::countDown);
        Signals.on("INT", asked::countDown);
        ready.run();
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stop(server);
    }

    private static void reload(Server server) {
        try {
            server.reload();
        } catch (AdminException e) {
            // The log has it.
        }
    }

    private static void stop(Server server) throws IOException {
        try {
            server.close();
        } catch (IOException e) {
            for (Throwable cause : e.getSuppressed()) {
                System.err.println("posthorn: " + cause);
            }
            throw e;
        }
    }

    @Override
    public void check(Path config) throws ConfigException {
        ConfigurationCheck.readStrictly(config, Instant.now());
    }

    @Override
    public Resolver resolver(Path config) throws ConfigException {
        DnsConfig dns = Files.exists(config) ? Configuration.read(config).dns() : DnsConfig.standard();
        return new DnsjavaResolver(dns, InstantSource.system());
    }

    @Override
    public AdminApi admin(Path config) throws ConfigException, AdminException, IOException {
        Configuration configuration = Configuration.read(config);
        Optional<AdminApi> running = AdminClient.of(configuration.data().adminSocket());
        // Where nobody listens, the lock decides whether there is a server.
        return running.isPresent() ? running.get() : Offline.open(configuration);
    }

    @Override
    public void populate(Path config, String domain, Map<String, String> accounts) throws ConfigException, IOException {
        Configuration configuration = Configuration.read(config);
        DataDirectory data = configuration.data();
        try (DataLock _ = data.lock();
                DomainStores stores = DomainStores.open(data, PasswordCost.MINIMAL, InstantSource.system())) {
            LocalDirectory directory = stores.directory();
            DkimKeyRing keys = stores.keys();
            Domain local = Domain.parse(domain);
            if (!directory.isLocal(local)) {
                new HostedDomains(directory, directory, keys).add(local);
                // Whoever populates a server wants it whole at once; there may be no DNS to wait for.
                keys.keys(local).forEach(keys::activate);
            }
            Map<Address, String> missing = new LinkedHashMap<>();
            accounts.forEach((name, password) -> {
                Address address = Address.parse(name);
                if (!directory.isAccount(address)) {
                    missing.put(address, password);
                }
            });
            directory.addAccounts(missing);
        } catch (DirectoryException | DkimKeyException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public DomainRecords records(Path config, Domain domain) throws ConfigException, IOException {
        return new DomainZones(Configuration.read(config)).records(domain);
    }

    @Override
    public CheckReport compare(Path config, Domain domain, Outlook outlook) throws ConfigException, IOException {
        Configuration configuration = Configuration.read(config);
        CheckConfig check = configuration.check();
        DnsConfig dns = outlook.resolver()
                .map(server -> check.dns().withServers(List.of(server)))
                .orElse(check.dns());
        try {
            CheckConfig looked = new CheckConfig(
                    dns,
                    outlook.dnsPort(),
                    outlook.httpsPort(),
                    outlook.authorities().map(TrustedAuthorities::of),
                    check.blocklists(),
                    check.timeout());
            return new DomainCheck(looked, InstantSource.system())
                    .check(new DomainZones(configuration).subject(domain, outlook.addresses()));
        } catch (CertificateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public DomainPublication publication(Path config, Domain domain, int dnsPort) throws ConfigException, IOException {
        return new DomainZones(Configuration.read(config)).publication(domain, dnsPort);
    }

    /** Starts a server on ports of its own for the {@link TrainingRun}, and stops it. */
    @Override
    public void rehearse(Path scratch) throws ConfigException, IOException {
        Path place = scratch.toAbsolutePath();
        Files.createDirectories(place);
        StringBuilder toml = new StringBuilder("server.hostname = \"localhost\"\nserver.data = \"" + place + "\"\n");
        for (Port port : Protocols.ports(Protocols.ALL)) {
            toml.append("listen.").append(port).append(" = \"127.0.0.1:0\"\n");
        }
        toml.append("log.file = \"").append(place.resolve("mail.log")).append("\"\n");
        Path config = Files.writeString(place.resolve("posthorn.toml"), toml);
        check(config);
        populate(config, TrainingRun.DOMAIN, Map.of(TrainingRun.ALICE, TrainingRun.PASSWORD));
        try (Server server = Server.start(config, Configuration.read(config))) {
            Ports ports = server.ports();
            TrainingRun.Ports open = new TrainingRun.Ports(
                    ports.number("smtp"),
                    ports.number("submission"),
                    ports.number("imaps"),
                    ports.number("pop3s"),
                    server.http().port());
            Path authority =
                    new OwnAuthority(new DataDirectory(place).ownCertificates(), InstantSource.system()).authority();
            new TrainingRun(open, TrustedAuthorities.of(authority)).talk();
            lookAround(config);
        }
    }

    /** As a command line does, so that the classes of both ends of the admin socket are known. */
    private void lookAround(Path config) throws ConfigException, IOException {
        try (AdminApi admin = admin(config)) {
            admin.domains().list(_ -> {});
            admin.accounts().list(Optional.empty(), _ -> {});
            admin.queue().list("", 1, _ -> {});
        } catch (AdminException e) {
            throw new IOException(e.text(), e);
        }
    }
}
