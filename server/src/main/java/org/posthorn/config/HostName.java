package org.posthorn.config;

import java.util.Optional;
import java.util.regex.Pattern;
import org.posthorn.mail.Domain;

/** Our name to other servers, {@code server.hostname}: greeting, EHLO, Received, Message-ID of notices. The one key without a default. */
public final class HostName {
    private static final Pattern FORM =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");

    private HostName() {}

    /** Reads it, in lower case; complains where it is missing or no host name, and returns one that never exists. */
    public static String read(Section server) {
        Optional<Domain> name = server.parsed("hostname", Domain::parse);
        if (name.isEmpty() && !server.has("hostname")) {
            server.complain(
                    "hostname",
                    "is missing: the name of this machine that its address resolves to and back, "
                            + "e.g. \"mx.example.org\"");
        }
        if (name.isPresent() && !FORM.matcher(name.get().name()).matches()) {
            server.complain(
                    "hostname",
                    "\"" + name.get()
                            + "\" is not a host name: letters, digits and hyphens between dots (RFC 5321 4.1.2)");
        }
        return name.map(Domain::name).orElse("localhost.invalid");
    }
}
