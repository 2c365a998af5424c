package org.posthorn.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.config.ConfigException;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Domain;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.check.CheckReport;
import org.posthorn.zone.publish.DomainPublication;

/** What the command line needs of the rest of the program. */
public interface Program {
    /** Runs the server until it is told to stop; {@code ready} runs once all ports are up. */
    void serve(Path config, Runnable ready) throws ConfigException, IOException;

    /** Reads and judges a configuration whole. */
    void check(Path config) throws ConfigException;

    /** Administration of the running server, or else of its files. */
    AdminApi admin(Path config) throws ConfigException, AdminException, IOException;

    /** The resolver that a configuration asks for; the standard one where the file is not there. */
    Resolver resolver(Path config) throws ConfigException;

    /** Makes a domain and accounts with these passwords where they are missing; the server must be down. */
    void populate(Path config, String domain, Map<String, String> accounts) throws ConfigException, IOException;

    /** What to publish for one of our domains. */
    DomainRecords records(Path config, Domain domain) throws ConfigException, IOException;

    /** What the world sees of one of our domains, against what it should. */
    CheckReport compare(Path config, Domain domain, Outlook outlook) throws ConfigException, IOException;

    /**
     * How to look at the world other than the configuration says, for tests and networks with two views.
     *
     * @param resolver recursive servers in place of those configured
     * @param addresses of this server in place of those known
     * @param authorities a PEM file of those who may certify the host of the MTA-STS policy
     */
    record Outlook(
            Optional<InetSocketAddress> resolver,
            List<InetAddress> addresses,
            int dnsPort,
            int httpsPort,
            Optional<Path> authorities) {
        public Outlook {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * What to publish for one of our domains, and who does it.
     *
     * @param dnsPort of the zone's servers, which are asked afterwards
     */
    DomainPublication publication(Path config, Domain domain, int dnsPort) throws ConfigException, IOException;

    /** Starts every part once on ports of its own and stops again, so that the JVM can record what start-up needs. */
    void rehearse(Path scratch) throws ConfigException, IOException;
}
