package org.posthorn.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.posthorn.config.ConfigException;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Domain;
import org.posthorn.server.admin.AdminReply;
import org.posthorn.zone.DomainRecords;

/** What the command line needs of the rest of the program. */
public interface Program {
    /** Runs the server until it is told to stop; {@code ready} runs once all ports are up. */
    void serve(Path config, Runnable ready) throws ConfigException, IOException;

    /** Reads and judges a configuration whole. */
    void check(Path config) throws ConfigException;

    /** Carries out an administrative command, in the running server or else on its files. */
    AdminReply administer(Path config, List<String> words) throws ConfigException, IOException;

    /** The resolver that a configuration asks for; the standard one where the file is not there. */
    Resolver resolver(Path config) throws ConfigException;

    /** Makes a domain and accounts with these passwords where they are missing; the server must be down. */
    void populate(Path config, String domain, Map<String, String> accounts) throws ConfigException, IOException;

    /** What to publish for one of our domains. */
    DomainRecords records(Path config, Domain domain) throws ConfigException, IOException;

    /** Starts every part once on ports of its own and stops again, so that the JVM can record what start-up needs. */
    void rehearse(Path scratch) throws ConfigException, IOException;
}
