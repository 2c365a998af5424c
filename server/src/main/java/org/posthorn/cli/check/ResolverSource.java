package org.posthorn.cli.check;

import java.io.IOException;
import org.posthorn.config.ConfigException;
import org.posthorn.dns.Resolver;

/** Makes the resolver that the configuration asks for, once a question needs the network. */
@FunctionalInterface
public interface ResolverSource {
    Resolver resolver() throws ConfigException, IOException;
}
