package org.posthorn.client.dnsprovider;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.config.Section;

/** Who keeps our zones, by the keys of {@code [dns.publish]}. */
public sealed interface DnsProviderConfig {
    /**
     * A server that takes dynamic updates.
     *
     * @param key the TSIG key, as {@code tsig-keygen} or {@code keymgr -t} writes it
     * @param reverseZones in which it may set the names of addresses
     */
    record Rfc2136(InetSocketAddress server, Secret key, List<String> reverseZones) implements DnsProviderConfig {
        public Rfc2136 {
            reverseZones = List.copyOf(reverseZones);
        }
    }

    /**
     * Hostinger.
     *
     * @param api where its API is
     */
    record Hostinger(URI api, Secret token) implements DnsProviderConfig {}

    /**
     * Cloudflare.
     *
     * @param api where its API is
     */
    record Cloudflare(URI api, Secret token) implements DnsProviderConfig {}

    /** The provider to use. */
    default DnsProvider provider() {
        return switch (this) {
            case Rfc2136(var server, var key, var reverseZones) -> new UpdateProvider(server, key, reverseZones);
            case Hostinger(URI api, Secret token) -> new HostingerProvider(new ApiClient("Hostinger", api, token));
            case Cloudflare(URI api, Secret token) -> new CloudflareProvider(new ApiClient("Cloudflare", api, token));
        };
    }

    /** Empty when none is configured, or wrongly. */
    static Optional<DnsProviderConfig> read(Section section) {
        Optional<String> name = section.text("provider");
        Optional<InetSocketAddress> server = section.address("server", 53);
        Optional<Path> tsig = section.file("tsig-key-file");
        List<String> reverseZones = reverseZones(section);
        Optional<URI> api = section.parsed("api", DnsProviderConfig::api);
        Optional<Secret> token = token(section);
        return name.flatMap(provider -> switch (provider) {
            case "rfc2136" -> {
                require(section, "server", server.isPresent(), "of the server that takes updates");
                require(section, "tsig-key-file", tsig.isPresent(), "with the key that signs updates");
                yield server.isPresent() && tsig.isPresent()
                        ? Optional.of(new Rfc2136(server.get(), new Secret.InFile(tsig.get()), reverseZones))
                        : Optional.empty();
            }
            case "hostinger" -> {
                require(section, "token-file", token.isPresent(), "with the token of the API");
                yield token.map(
                        secret -> new Hostinger(api.orElse(URI.create("https://developers.hostinger.com")), secret));
            }
            case "cloudflare" -> {
                require(section, "token-file", token.isPresent(), "with the token of the API");
                yield token.map(secret ->
                        new Cloudflare(api.orElse(URI.create("https://api.cloudflare.com/client/v4")), secret));
            }
            default -> {
                section.complain("provider", "must be \"rfc2136\", \"hostinger\" or \"cloudflare\"");
                yield Optional.empty();
            }
        });
    }

    /** RFC 1035 3.5, RFC 3596 2.5. */
    private static List<String> reverseZones(Section section) {
        List<String> zones = new ArrayList<>();
        for (String text : section.texts("reverse-zones", List.of())) {
            String zone = text.toLowerCase(Locale.ROOT);
            if (zone.matches("(?:[0-9]{1,3}\\.){1,4}in-addr\\.arpa|(?:[0-9a-f]\\.){1,32}ip6\\.arpa")) {
                zones.add(zone);
            } else {
                section.complain(
                        "reverse-zones",
                        "\"" + text
                                + "\" is not a reverse zone; write \"2.0.192.in-addr.arpa\" or \"8.b.d.0.1.0.0.2.ip6.arpa\"");
            }
        }
        return zones;
    }

    private static Optional<Secret> token(Section section) {
        Optional<Secret> file = section.file("token-file").map(Secret.InFile::new);
        Optional<Secret> variable = section.text("token-environment").map(Secret.InEnvironment::new);
        if (file.isPresent() && variable.isPresent()) {
            section.complain("token-environment", "and token-file are both given: keep one");
        }
        return file.or(() -> variable);
    }

    private static void require(Section section, String key, boolean given, String what) {
        if (!given && !section.has(key)) {
            section.complain(key, "is missing: the " + (key.endsWith("file") ? "file " : "address ") + what);
        }
    }

    /** RFC 6750 5.3: a token goes over TLS only; a test's server on this machine is the exception. */
    private static URI api(String text) {
        URI uri = URI.create(text);
        String host = uri.getHost() == null ? "" : uri.getHost();
        boolean local = host.equals("127.0.0.1") || host.equals("[::1]") || host.equals("localhost");
        if (host.isEmpty() || !("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && local))) {
            throw new IllegalArgumentException("\"" + text + "\" is not an https address");
        }
        return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
    }
}
