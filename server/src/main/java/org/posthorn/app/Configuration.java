package org.posthorn.app;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.IntStream;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.certificates.CertificateFiles;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.config.Section;
import org.posthorn.delivery.bounce.BounceConfig;
import org.posthorn.delivery.remote.RemoteDeliveryConfig;
import org.posthorn.delivery.routing.StaticRoutes;
import org.posthorn.dns.DnsConfig;
import org.posthorn.dns.Dnssec;
import org.posthorn.dns.TrustAnchors;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.submission.SubmissionConfig;
import org.posthorn.log.LogConfig;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.queue.QueueConfig;
import org.posthorn.reporting.ReportingConfig;
import org.posthorn.server.imap.ImapConfig;
import org.posthorn.server.milter.MilterConfig;
import org.posthorn.server.pop3.Pop3Config;
import org.posthorn.server.smtp.SmtpConfig;
import org.posthorn.server.smtp.SmtpLimits;
import org.posthorn.server.smtp.SmtpRole;
import org.posthorn.server.smtp.SmtpTimes;
import org.posthorn.signing.SigningConfig;
import org.posthorn.signing.rotation.RotationConfig;
import org.posthorn.zone.ZoneConfig;
import org.posthorn.zone.check.CheckConfig;

/**
 * All settings of the server, read from one file; docs/configuration.md lists every key with its default.
 *
 * @param hostname our name to other servers: greeting, EHLO, Received, Message-ID of notices
 * @param data directory that holds everything: mail, spool, directory, keys, admin socket
 * @param certificates chains and keys, PEM, the first for clients that name no host; without any the server makes its own CA and
 *     certificate below {@code data/tls}
 * @param authentication how mail that comes in is judged
 * @param intake how mail of our users is completed
 * @param signing the keys that are named, in place of those that {@code domain add} made
 */
record Configuration(
        String hostname,
        Path data,
        List<CertificateFiles> certificates,
        Duration stopPatience,
        Listening listen,
        LogConfig log,
        DnsConfig dns,
        ZoneConfig zone,
        CheckConfig check,
        SmtpConfig mx,
        SmtpConfig submission,
        ImapConfig imap,
        Pop3Config pop3,
        LoginConfig login,
        MilterConfig milter,
        MaildirConfig maildir,
        QueueConfig queue,
        StaticRoutes routes,
        RemoteDeliveryConfig delivery,
        BounceConfig bounce,
        AuthenticationConfig authentication,
        SubmissionConfig intake,
        SigningConfig signing,
        RotationConfig keyRotation,
        ReportingConfig reporting) {
    static Configuration read(Path file) throws ConfigException {
        ConfigFile config = ConfigFile.read(file);
        Configuration configuration = read(config.root());
        config.finish();
        return configuration;
    }

    static Configuration read(Section root) {
        Section server = root.section("server");
        String hostname = hostname(server);
        Path data = data(server);
        Section smtp = root.section("smtp");
        Section delivery = root.section("delivery");
        Section dns = root.section("dns");
        DnsConfig lookUps = dns(dns);
        Listening listen = Listening.read(root.section("listen"));
        StaticRoutes routes = routes(delivery);
        QueueConfig queue = QueueConfig.read(root.section("queue"), data.resolve("spool"));
        return new Configuration(
                hostname,
                data,
                certificates(root.section("tls")),
                server.duration("stop-patience", "10s", "0s", "10m"),
                listen,
                log(root.section("log"), hostname),
                lookUps,
                ZoneConfig.read(dns.section("publish")),
                CheckConfig.read(dns.section("check"), lookUps),
                smtp(smtp, SmtpRole.MX, hostname),
                smtp(smtp, SmtpRole.SUBMISSION, hostname),
                imap(root.section("imap"), hostname, smtp),
                pop3(root.section("pop3"), hostname),
                LoginConfig.read(root.section("login")),
                MilterConfig.read(root.section("milter"), hostname),
                maildir(root.section("mailbox"), data, hostname, smtp, queue.reserve()),
                queue,
                routes,
                delivery(delivery, hostname, listen, routes),
                bounce(root.section("bounce"), hostname),
                AuthenticationConfig.read(root.section("inbound").section("authentication")),
                new SubmissionConfig(hostname, root.section("submission").flag("hide-client", false)),
                SigningConfig.read(root.section("dkim")),
                RotationConfig.read(root.section("dkim-keys")),
                ReportingConfig.read(root.section("reports"), hostname));
    }

    private static StaticRoutes routes(Section delivery) {
        try {
            return new StaticRoutes(delivery.textTable("routes"));
        } catch (IllegalArgumentException e) {
            delivery.complain("routes", String.valueOf(e.getMessage()));
            return StaticRoutes.NONE;
        }
    }

    private static RemoteDeliveryConfig delivery(
            Section section, String hostname, Listening listen, StaticRoutes routes) {
        RemoteDeliveryConfig standard = RemoteDeliveryConfig.standard(hostname);
        return new RemoteDeliveryConfig(
                hostname,
                Set.copyOf(section.texts("own-names", List.of())),
                Set.copyOf(listen.smtp()),
                section.integer("port", standard.port(), 1, 65535),
                section.parsed("families", Configuration::families).orElse(standard.families()),
                section.parsed("source-ipv4", text -> (Inet4Address) InetAddress.ofLiteral(text)),
                section.parsed("source-ipv6", text -> (Inet6Address) InetAddress.ofLiteral(text)),
                section.integer("max-addresses", standard.maxAddresses(), 1, 100),
                section.integer("messages-per-connection", standard.messagesPerConnection(), 1, 100_000),
                Set.copyOf(routes.nextHops().values()),
                standard.logins(),
                standard.timeouts());
    }

    private static RemoteDeliveryConfig.Families families(String text) {
        return switch (text) {
            case "both" -> RemoteDeliveryConfig.Families.BOTH;
            case "ipv4" -> RemoteDeliveryConfig.Families.IPV4_ONLY;
            case "ipv6" -> RemoteDeliveryConfig.Families.IPV6_ONLY;
            default -> throw new IllegalArgumentException("must be \"both\", \"ipv4\" or \"ipv6\"");
        };
    }

    private static BounceConfig bounce(Section section, String hostname) {
        return new BounceConfig(
                Domain.parse(hostname),
                Math.toIntExact(section.size("return-limit", "50 KiB", "1 KiB", "10 MiB")),
                section.flag("unproven-senders", false),
                section.parsed("postmaster", Address::parse));
    }

    /** Octets of the data directory's path: the system takes 107 for a socket's, and that of admin.sock.new is 15 longer. */
    private static final int MAX_DATA = 92;

    private static final String HOST_NAME = "(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";

    private static Path data(Section server) {
        Path data = server.file("data").orElse(Path.of("/var/lib/posthorn"));
        int octets = data.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8).length;
        if (octets > MAX_DATA) {
            server.complain(
                    "data",
                    "is too long: " + octets + " octets of at most " + MAX_DATA
                            + ", since there is a socket in it (admin.sock)");
        }
        return data;
    }

    private static String hostname(Section server) {
        Optional<Domain> name = server.parsed("hostname", Domain::parse);
        if (name.isEmpty() && !server.has("hostname")) {
            server.complain(
                    "hostname",
                    "is missing: the name of this machine that its address resolves to and back, "
                            + "e.g. \"mx.example.org\"");
        }
        if (name.isPresent() && !name.get().name().matches(HOST_NAME)) {
            server.complain(
                    "hostname",
                    "\"" + name.get()
                            + "\" is not a host name: letters, digits and hyphens between dots (RFC 5321 4.1.2)");
        }
        return name.map(Domain::name).orElse("localhost.invalid");
    }

    private static List<CertificateFiles> certificates(Section tls) {
        List<Path> chains = tls.files("certificate");
        List<Path> keys = tls.files("key");
        if (tls.has("certificate") != tls.has("key")) {
            tls.complain(tls.has("certificate") ? "key" : "certificate", "is missing: give both files or neither");
        } else if (chains.size() != keys.size()) {
            tls.complain(
                    "key",
                    "has " + keys.size() + " files and tls.certificate " + chains.size()
                            + ": give each certificate its key, in the same order");
        }
        return IntStream.range(0, Math.min(chains.size(), keys.size()))
                .mapToObj(i -> new CertificateFiles(chains.get(i), keys.get(i)))
                .toList();
    }

    private static LogConfig log(Section section, String hostname) {
        LogConfig standard = LogConfig.standard(hostname);
        return new LogConfig(
                section.file("file"),
                standard.host(),
                section.text("program", standard.program()),
                section.parsed("level", Configuration::level).orElse(standard.minimum()),
                section.flag("libraries", false) ? Level.INFO : standard.libraries(),
                standard.queueBytes());
    }

    private static MailLog.Level level(String text) {
        return switch (text) {
            case "info" -> MailLog.Level.INFO;
            case "warning" -> MailLog.Level.WARNING;
            case "error" -> MailLog.Level.ERROR;
            default -> throw new IllegalArgumentException("must be \"info\", \"warning\" or \"error\"");
        };
    }

    private static DnsConfig dns(Section section) {
        DnsConfig standard = DnsConfig.standard();
        return new DnsConfig(
                section.addresses("servers", standard.servers(), 53),
                section.duration("timeout", "5s", "100ms", "1m"),
                section.integer("rounds", standard.rounds(), 1, 10),
                section.integer("cache-entries", standard.cacheEntries(), 0, 10_000_000),
                section.size("cache-size", "16 MiB", "0 B", "10 GiB"),
                section.duration("longest-ttl", "1h", "0s", "7d"),
                section.duration("longest-negative-ttl", "5m", "0s", "1d"),
                section.parsed("dnssec", Configuration::dnssec).orElse(standard.dnssec()),
                trustAnchors(section));
    }

    private static Dnssec dnssec(String text) {
        return switch (text) {
            case "auto" -> Dnssec.AUTO;
            case "validate" -> Dnssec.VALIDATE;
            case "trust-ad" -> Dnssec.TRUST_AD;
            case "off" -> Dnssec.OFF;
            default -> throw new IllegalArgumentException("must be \"auto\", \"validate\", \"trust-ad\" or \"off\"");
        };
    }

    private static Optional<TrustAnchors> trustAnchors(Section section) {
        Optional<Path> file = section.file("trust-anchors");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(TrustAnchors.of(file.get()));
        } catch (IOException e) {
            section.complain("trust-anchors", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static final String MESSAGE_SIZE = "100 MiB";

    private static long maxMessageSize(Section smtp) {
        return smtp.size("max-message-size", MESSAGE_SIZE, "64 KiB", "2 GiB");
    }

    private static SmtpConfig smtp(Section smtp, SmtpRole role, String hostname) {
        SmtpLimits limits = SmtpLimits.DEFAULT;
        SmtpTimes times = SmtpTimes.DEFAULT;
        return new SmtpConfig(
                role,
                hostname,
                maxMessageSize(smtp),
                new SmtpLimits(
                        smtp.integer("max-recipients", limits.recipients(), 100, 100_000),
                        smtp.integer("max-errors", limits.errors(), 1, 1000),
                        smtp.integer("max-refused-recipients", limits.refusedRecipients(), 1, 100_000),
                        smtp.integer("max-idle-commands", limits.idleCommands(), 10, 100_000),
                        smtp.integer("max-messages", limits.messages(), 1, 10_000_000)),
                new SmtpTimes(
                        smtp.duration("command-timeout", "5m", "1s", "1h"),
                        smtp.duration("data-timeout", "3m", "1s", "1h"),
                        smtp.duration("timeout-under-load", "10s", "1s", "1h"),
                        smtp.duration("session-limit", "2h", "1m", "7d"),
                        smtp.duration("data-grace", "10m", "1s", "1d"),
                        smtp.integer("data-rate", times.dataRate(), 1, 1 << 30),
                        smtp.duration("error-delay", "1s", "0s", "1m"),
                        times.afterFault()));
    }

    private static ImapConfig imap(Section imap, String hostname, Section smtp) {
        ImapConfig standard = ImapConfig.defaults(hostname);
        return new ImapConfig(
                hostname,
                maxMessageSize(smtp),
                imap.integer("max-bad-commands", standard.maxBadCommands(), 1, 1000),
                imap.integer("max-login-failures", standard.maxLoginFailures(), 1, 100),
                imap.duration("login-failure-delay", "2s", "0s", "1m"),
                imap.duration("login-timeout", "60s", "1s", "10m"),
                imap.duration("idle-timeout", "30m", "1m", "7d"),
                imap.duration("idle-notice", "2m", "1s", "29m"),
                imap.flag("plaintext-login", false),
                imap.parsed("separator", Configuration::separator).orElse('/'),
                imap.duration("command-time", "30s", "1s", "1h"));
    }

    private static char separator(String text) {
        if (!text.equals("/") && !text.equals(".")) {
            throw new IllegalArgumentException("must be \"/\" or \".\"");
        }
        return text.charAt(0);
    }

    private static Pop3Config pop3(Section pop3, String hostname) {
        return new Pop3Config(
                hostname,
                pop3.integer("max-errors", Pop3Config.of(hostname).maxErrors(), 1, 1000),
                pop3.duration("login-timeout", "2m", "1s", "10m"),
                pop3.duration("idle-timeout", "10m", "1m", "7d"),
                pop3.flag("plaintext-login", false));
    }

    private static MaildirConfig maildir(Section section, Path data, String hostname, Section smtp, long reserve) {
        MaildirConfig standard = MaildirConfig.of(data.resolve("mail"), hostname);
        return new MaildirConfig(
                section.file("directory").orElse(standard.directory()),
                hostname,
                section.integer("max-mailboxes", standard.maxMailboxes(), 10, 100_000),
                section.integer("max-keywords", standard.maxKeywords(), 26, 1000),
                section.integer("max-messages", standard.maxMessages(), 100, 10_000_000),
                section.integer("max-account-messages", standard.maxAccountMessages(), 100, 100_000_000),
                maxMessageSize(smtp),
                reserve,
                true);
    }

    /** What differs in the next configuration and takes effect at a start only. */
    List<String> needsRestartFor(Configuration next) {
        Map<String, Boolean> same = new LinkedHashMap<>();
        same.put("server.data", data.equals(next.data));
        same.put("listen.http", listen.http().equals(next.listen.http()));
        same.put("listen.socket-mode or socket-group", listen.access().equals(next.listen.access()));
        same.put("[log]", log.equals(next.log));
        same.put("[pop3]", pop3.equals(next.pop3));
        same.put("[mailbox]", maildir.equals(next.maildir));
        same.put("[queue]", queue.equals(next.queue));
        same.put("[bounce]", bounce.equals(next.bounce));
        return same.entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }
}
