package org.posthorn.server.smtp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.config.HostName;
import org.posthorn.config.Section;
import org.posthorn.intake.MessageIntake;
import org.posthorn.net.SessionHandler;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.server.Port;
import org.posthorn.server.Protocol;
import org.posthorn.server.Services;

/** SMTP between servers on port 25, submission by our users on 587 and 465, LMTP from a server of ours in front. */
public record SmtpProtocol() implements Protocol<SmtpProtocol.Roles> {
    /** For other servers. */
    public static final Port SMTP = Port.of("smtp", 25);

    private static final Port SUBMISSION = Port.of("submission", 587).announced(10);
    private static final Port SUBMISSIONS =
            Port.of("submissions", 465).withTls().announced(0);

    /** Whoever reaches it is believed what it says of a message, so nobody does unless asked to. */
    private static final Port LMTP = Port.forMtas("lmtp", 24, new Port.Limits(1000, 500));

    /** What is configured for each role. */
    public record Roles(SmtpConfig mx, SmtpConfig submission, SmtpConfig lmtp) {}

    @Override
    public List<Port> ports() {
        return List.of(SMTP, SUBMISSION, SUBMISSIONS, LMTP);
    }

    @Override
    public Roles read(Section root) {
        Section smtp = root.section("smtp");
        String hostname = HostName.read(root.section("server"));
        return new Roles(
                SmtpConfig.read(smtp, SmtpRole.MX, hostname),
                SmtpConfig.read(smtp, SmtpRole.SUBMISSION, hostname),
                SmtpConfig.read(smtp, SmtpRole.LMTP, hostname));
    }

    @Override
    public Map<Port, SessionHandler> handlers(Roles config, Services services) {
        SessionHandler submission =
                handler(config.submission(), services, services.submission(), Optional.of(services.sasl()));
        return Map.of(
                SMTP,
                handler(config.mx(), services, services.inbound(), Optional.empty()),
                SUBMISSION,
                submission,
                SUBMISSIONS,
                submission,
                LMTP,
                handler(config.lmtp(), services, services.behindFront(), Optional.empty()));
    }

    private static SessionHandler handler(
            SmtpConfig config, Services services, MessageIntake intake, Optional<SaslMechanisms> sasl) {
        return new SmtpServer(
                config,
                new SmtpServices(
                        intake,
                        Optional.of(services.tls()),
                        sasl,
                        services.guard(),
                        services::postmaster,
                        services::crowded,
                        services.log()));
    }
}
