package org.posthorn.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.config.FileTrouble;
import org.posthorn.config.Section;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.server.Port;
import org.posthorn.server.Protocol;
import org.posthorn.signing.DkimKeyFile;

/**
 * What of a configuration can be judged on the machine only where it is to be used: files and addresses that it names. For
 * {@code check-config} and reload; other commands read the configuration alone, since they may run where the keys cannot be read.
 */
final class ConfigurationCheck {
    private ConfigurationCheck() {}

    /** Reads a configuration and complains of all that {@link Configuration#read} does, and of what is not on this machine. */
    static Configuration read(Path file, List<Protocol<?>> protocols) throws ConfigException {
        return read(ConfigFile.read(file), protocols, _ -> {});
    }

    /** Complains of certificates too that cannot be used, or that clients will not accept; a reload takes the latter. */
    static void readStrictly(Path file, Instant now) throws ConfigException {
        ConfigFile config = ConfigFile.read(file);
        var _ = read(
                config,
                Protocols.ALL,
                configuration -> CertificateCheck.faults(configuration, now)
                        .forEach(fault -> config.root().section("tls").complain("certificate", fault)));
    }

    private static Configuration read(ConfigFile config, List<Protocol<?>> protocols, Consumer<Configuration> more)
            throws ConfigException {
        Configuration configuration = Configuration.read(config.root(), protocols);
        configuration
                .signing()
                .keys()
                .forEach((domain, keys) -> check(config.root().section("dkim"), domain, keys));
        Section listen = config.root().section("listen");
        for (Port port : configuration.listen().addresses().keySet()) {
            configuration.listen().sockets(port).forEach(socket -> check(listen, port.name(), socket));
        }
        more.accept(configuration);
        config.finish();
        return configuration;
    }

    private static void check(Section dkim, Domain domain, List<DkimKeyFile> keys) {
        for (String name : dkim.keys()) {
            if (isNamed(name, domain)) {
                Section selectors = dkim.section(name);
                keys.forEach(
                        key -> readable(key.privateKey()).forEach(fault -> selectors.complain(key.selector(), fault)));
            }
        }
    }

    private static boolean isNamed(String name, Domain domain) {
        try {
            return Domain.parse(name).equals(domain);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> readable(Path key) {
        try {
            var _ = PrivateKeys.parse(Files.readString(key));
            return List.of();
        } catch (IOException e) {
            return List.of("the key " + key + " cannot be read: " + FileTrouble.reason(e));
        } catch (IllegalArgumentException e) {
            return List.of("the key " + key + " cannot be used: " + e.getMessage());
        }
    }

    /** Takes any free port of the address: the system knows best what is its own. */
    private static void check(Section listen, String key, InetSocketAddress socket) {
        InetSocketAddress known =
                socket.isUnresolved() ? new InetSocketAddress(socket.getHostString(), socket.getPort()) : socket;
        if (known.isUnresolved()) {
            listen.complain(key, "\"" + socket.getHostString() + "\" does not resolve to an address");
            return;
        }
        InetAddress address = known.getAddress();
        try (ServerSocket _ = new ServerSocket(0, 1, address)) {
            return;
        } catch (IOException e) {
            listen.complain(key, address.getHostAddress() + " is not an address of this machine: " + e.getMessage());
        }
    }
}
