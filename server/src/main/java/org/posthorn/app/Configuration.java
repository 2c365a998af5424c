package org.posthorn.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.certificates.CertificateFiles;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.config.HostName;
import org.posthorn.config.MessageSize;
import org.posthorn.config.Section;
import org.posthorn.delivery.bounce.BounceConfig;
import org.posthorn.delivery.remote.RemoteDeliveryConfig;
import org.posthorn.delivery.routing.StaticRoutes;
import org.posthorn.dns.DnsConfig;
import org.posthorn.intake.authentication.AuthenticationConfig;
import org.posthorn.intake.submission.SubmissionConfig;
import org.posthorn.log.LogConfig;
import org.posthorn.mail.Domain;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.queue.QueueConfig;
import org.posthorn.reporting.ReportingConfig;
import org.posthorn.server.Protocol;
import org.posthorn.server.smtp.SmtpProtocol;
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
 * @param protocols what is served, each with its own settings
 * @param authentication how mail that comes in is judged
 * @param intake how mail of our users is completed
 * @param signing the keys that are named, in place of those that {@code domain add} made
 */
record Configuration(
        String hostname,
        DataDirectory data,
        List<CertificateFiles> certificates,
        Duration stopPatience,
        Listening listen,
        LogConfig log,
        DnsConfig dns,
        ZoneConfig zone,
        CheckConfig check,
        List<Protocols.Configured<?>> protocols,
        LoginConfig login,
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
        return read(file, Protocols.ALL);
    }

    static Configuration read(Path file, List<Protocol<?>> protocols) throws ConfigException {
        ConfigFile config = ConfigFile.read(file);
        Configuration configuration = read(config.root(), protocols);
        config.finish();
        return configuration;
    }

    static Configuration read(Section root, List<Protocol<?>> protocols) {
        Section server = root.section("server");
        String hostname = HostName.read(server);
        DataDirectory data = DataDirectory.read(server);
        long maxMessageSize = MessageSize.read(root.section("smtp"));
        Section delivery = root.section("delivery");
        Section dns = root.section("dns");
        DnsConfig lookUps = DnsConfig.read(dns);
        Listening listen = Listening.read(root.section("listen"), Protocols.ports(protocols));
        StaticRoutes routes = StaticRoutes.read(delivery);
        QueueConfig queue = QueueConfig.read(root.section("queue"), data.spool());
        return new Configuration(
                hostname,
                data,
                CertificateFiles.read(root.section("tls")),
                server.duration("stop-patience", "10s", "0s", "10m"),
                listen,
                LogConfig.read(root.section("log"), hostname),
                lookUps,
                ZoneConfig.read(dns.section("publish")),
                CheckConfig.read(dns.section("check"), lookUps),
                configured(protocols, root),
                LoginConfig.read(root.section("login")),
                MaildirConfig.read(root.section("mailbox"), data.mail(), hostname, maxMessageSize, queue.reserve()),
                queue,
                routes,
                RemoteDeliveryConfig.read(
                        delivery, hostname, Set.copyOf(listen.sockets(SmtpProtocol.SMTP)), routes.servers()),
                BounceConfig.read(root.section("bounce"), Domain.parse(hostname)),
                AuthenticationConfig.read(root.section("inbound").section("authentication")),
                SubmissionConfig.read(root.section("submission"), hostname),
                SigningConfig.read(root.section("dkim")),
                RotationConfig.read(root.section("dkim-keys")),
                ReportingConfig.read(root.section("reports"), hostname));
    }

    private static List<Protocols.Configured<?>> configured(List<Protocol<?>> protocols, Section root) {
        return protocols.stream()
                .<Protocols.Configured<?>>map(protocol -> Protocols.Configured.read(protocol, root))
                .toList();
    }

    /** The protocols that it was read for. */
    List<Protocol<?>> known() {
        return protocols.stream()
                .<Protocol<?>>map(Protocols.Configured::protocol)
                .toList();
    }

    /** What differs in the next configuration and takes effect at a start only. */
    List<String> needsRestartFor(Configuration next) {
        Map<String, Boolean> same = new LinkedHashMap<>();
        same.put("server.data", data.equals(next.data));
        same.put("listen.socket-mode or socket-group", listen.access().equals(next.listen.access()));
        same.put("[log]", log.equals(next.log));
        same.put("[mailbox]", maildir.equals(next.maildir));
        same.put("[queue]", queue.equals(next.queue));
        same.put("[bounce]", bounce.equals(next.bounce));
        return same.entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }
}
