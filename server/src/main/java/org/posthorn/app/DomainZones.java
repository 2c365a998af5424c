package org.posthorn.app;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.posthorn.certificates.CertificateException;
import org.posthorn.certificates.CertificateFiles;
import org.posthorn.certificates.Identity;
import org.posthorn.certificates.OwnAuthority;
import org.posthorn.client.dnsprovider.DnsProviderConfig;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.directory.PublishedRecord;
import org.posthorn.dns.DnsjavaResolver;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;
import org.posthorn.server.Protocol;
import org.posthorn.signing.DkimKeyException;
import org.posthorn.signing.DkimKeyFile;
import org.posthorn.zone.DesiredRecords;
import org.posthorn.zone.DomainFacts;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.PublicAddresses;
import org.posthorn.zone.Zones;
import org.posthorn.zone.check.DomainCheck;
import org.posthorn.zone.publish.DomainPublication;
import org.posthorn.zone.publish.PublicationMemory;
import org.posthorn.zone.publish.Publisher;

/** What our domains must publish, by the configuration and by what lies in the data directory; a running server is not disturbed. */
final class DomainZones {
    private final Configuration configuration;

    DomainZones(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * The records of one domain.
     *
     * @throws IOException the domain is not ours, or its keys cannot be read
     */
    DomainRecords records(Domain domain) throws IOException {
        return DesiredRecords.of(facts(domain), configuration.zone());
    }

    /**
     * What is to be compared with the world.
     *
     * @param addresses in place of those known
     */
    DomainCheck.Subject subject(Domain domain, List<InetAddress> addresses) throws IOException {
        DomainFacts known = facts(domain);
        DomainFacts facts = addresses.isEmpty() ? known : known.withAddresses(addresses);
        return new DomainCheck.Subject(
                facts,
                DesiredRecords.of(facts, configuration.zone()),
                configuration.zone().sts().map(mode -> DesiredRecords.policy(mode, facts, configuration.zone())),
                certificate()
                        .map(certificate -> certificate.getIssuerX500Principal().getName()),
                configuration.zone().authorities());
    }

    /**
     * The records of one domain, and who publishes them.
     *
     * @param dnsPort of the servers that are asked afterwards
     * @throws IOException as for {@link #records}, or nobody is configured to publish
     */
    DomainPublication publication(Domain domain, int dnsPort) throws IOException {
        DnsProviderConfig keeper = configuration
                .zone()
                .keeper()
                .orElseThrow(() -> new IOException("nobody is configured who keeps the zone of " + domain
                        + ": set dns.publish.provider, or publish by hand what posthorn dns records prints"));
        DomainFacts facts = facts(domain);
        Resolver resolver = new DnsjavaResolver(configuration.dns(), InstantSource.system());
        return new DomainPublication(
                new Publisher(
                        keeper.provider(),
                        () -> new Zones(resolver, dnsPort, configuration.check().timeout())),
                DesiredRecords.of(facts, configuration.zone()),
                facts.addresses(),
                memory(domain),
                removable(domain));
    }

    private DomainFacts facts(Domain domain) throws IOException {
        List<InetAddress> addresses = configuration.zone().addresses();
        return new DomainFacts(
                domain,
                Domain.parse(configuration.hostname()),
                addresses.isEmpty() ? PublicAddresses.ofInterfaces() : addresses,
                keys(domain),
                certificate().stream().map(X509Certificate::getPublicKey).toList(),
                services());
    }

    private List<DomainFacts.DkimText> keys(Domain domain) throws IOException {
        List<DkimKeyFile> configured = configuration.signing().of(domain);
        if (configured.isEmpty()) {
            return keysOfRing(domain);
        }
        List<DomainFacts.DkimText> keys = new ArrayList<>();
        for (DkimKeyFile key : configured) {
            keys.add(new DomainFacts.DkimText(key.selector(), key.record()));
        }
        return keys;
    }

    private Path database() {
        return configuration.data().directory();
    }

    private DomainStores open() throws IOException {
        return DomainStores.openShared(configuration.data(), PasswordCost.STANDARD, InstantSource.system());
    }

    /** Once both have been opened, so that nothing is to be taken over. */
    private LocalDirectory openDirectory() {
        return LocalDirectory.open(database(), PasswordCost.STANDARD, InstantSource.system());
    }

    /** Opened for each look, so that a running server is not kept waiting. */
    private PublicationMemory memory(Domain domain) throws IOException {
        if (Files.notExists(database())) {
            return PublicationMemory.NONE;
        }
        try (DomainStores stores = open()) {
            if (!stores.directory().isLocal(domain)) {
                return PublicationMemory.NONE;
            }
        } catch (DirectoryException | DkimKeyException e) {
            throw new IOException(e.getMessage(), e);
        }
        return new PublicationMemory() {
            @Override
            public List<PublishedRecord> published() {
                try (LocalDirectory directory = openDirectory()) {
                    return directory.published().of(domain);
                }
            }

            @Override
            public void changed(List<ZoneRecord> added, List<ZoneRecord> removed) {
                try (LocalDirectory directory = openDirectory()) {
                    PublicationMemory.in(directory.published(), domain).changed(added, removed);
                }
            }
        };
    }

    /** What of the records that we have published may go, by the keys that the directory has. */
    private Predicate<ZoneRecord> removable(Domain domain) throws IOException {
        if (Files.notExists(database())) {
            return _ -> false;
        }
        Instant withdrawnBefore = InstantSource.system()
                .instant()
                .minus(configuration.keyRotation().keepRetired());
        try (DomainStores stores = open()) {
            return PublicationMemory.removable(stores.keys().keys(domain), withdrawnBefore);
        } catch (DirectoryException | DkimKeyException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private List<DomainFacts.DkimText> keysOfRing(Domain domain) throws IOException {
        if (Files.notExists(database())) {
            throw new IOException(
                    database() + " does not exist: add the domain first, with posthorn domain add " + domain);
        }
        try (DomainStores stores = open()) {
            if (!stores.directory().isLocal(domain)) {
                throw new IOException("domain " + domain + " is not ours; add it with posthorn domain add " + domain);
            }
            return stores.keys().toPublish(domain).stream()
                    .map(key -> new DomainFacts.DkimText(key.selector(), key.record()))
                    .toList();
        } catch (DirectoryException | DkimKeyException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The certificate that port 25 shows, as long as it can be found. */
    private Optional<X509Certificate> certificate() throws IOException {
        Path own = new OwnAuthority(configuration.data().ownCertificates(), InstantSource.system()).certificate();
        Path chain = configuration.certificates().stream()
                .findFirst()
                .map(CertificateFiles::chain)
                .orElse(own);
        if (configuration.certificates().isEmpty() && Files.notExists(own)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Identity.readChain(chain).getFirst());
        } catch (CertificateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private List<DomainFacts.ClientService> services() {
        return configuration.known().stream().flatMap(this::services).toList();
    }

    private Stream<DomainFacts.ClientService> services(Protocol<?> protocol) {
        return protocol.ports().stream()
                .filter(port -> port.srvPriority().isPresent())
                .sorted(Comparator.comparingInt(port -> port.srvPriority().orElseThrow()))
                .map(port -> new DomainFacts.ClientService(
                        port.name(),
                        configuration.listen().sockets(port).stream()
                                .findFirst()
                                .map(address -> address.getPort())
                                .orElse(0),
                        port.srvPriority().orElseThrow()));
    }
}
