package org.posthorn.server.milter;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.Disposition;
import org.posthorn.intake.authentication.MessageAuthentication;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.milter.MilterReply;
import org.posthorn.protocol.smtp.SmtpReply;

/** Judges a message of others, says so in a field of our own, and removes those that pretend to be ours. */
final class Verifying implements MessageTreatment {
    private static final MilterReply QUARANTINE =
            new MilterReply.Quarantine("authentication: the policy is quarantine");
    private static final Disposition OVERRIDDEN =
            new Disposition.Accept(Optional.of(Disposition.PolicyOverride.LOCAL_POLICY));

    private final MilterConfig config;
    private final MilterServices services;
    private final String queueId;
    private final Envelope envelope;
    private final boolean canQuarantine;
    private final MessageHeader header;
    private final MessageAuthentication authentication;

    /** @param canQuarantine whether the MTA lets us have a message held */
    Verifying(
            MilterConfig config,
            MilterServices services,
            InetAddress client,
            MilterTransaction transaction,
            MessageHeader header,
            boolean canQuarantine) {
        this.config = config;
        this.services = services;
        this.queueId = transaction.queueId();
        this.envelope = transaction.envelope();
        this.canQuarantine = canQuarantine;
        this.header = header;
        this.authentication = services.authenticator().begin(client, transaction.helo(), envelope.sender());
        authentication.header(header.fields());
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
        authentication.body(bytes, offset, length);
    }

    @Override
    public List<MilterReply> finish(Progress progress) throws IOException {
        Authentication judged = progress.during(authentication::finish);
        Disposition disposition = applied(services.rules().decide(judged));
        services.verdicts().judged(queueId, envelope, judged, disposition);
        return switch (disposition) {
            case Disposition.Accept _ -> noted(judged, List.of());
            case Disposition.Quarantine _ -> noted(judged, List.of(QUARANTINE));
            case Disposition.Reject(var reply, var _) -> List.of(refusal(reply));
            case Disposition.Defer(var reply, var _) -> List.of(refusal(reply));
        };
    }

    /** What we really do of what the rules say, so that nothing else is counted and reported. */
    private Disposition applied(Disposition decided) {
        return switch (decided) {
            case Disposition.Accept _ -> decided;
            case Disposition.Quarantine _ -> config.enforce() && canQuarantine ? decided : OVERRIDDEN;
            case Disposition.Reject _ -> config.enforce() ? decided : OVERRIDDEN;
            case Disposition.Defer _ -> config.enforce() ? decided : new Disposition.Accept(Optional.empty());
        };
    }

    private static MilterReply refusal(SmtpReply reply) {
        return new MilterReply.Refuse(reply.toString().replaceAll("[^\\x20-\\x7e]", "?"));
    }

    private List<MilterReply> noted(Authentication judged, List<MilterReply> more) {
        List<MilterReply> replies = new ArrayList<>(header.removals(config.authservId()));
        String value = " " + new AuthenticationResults(config.authservId(), judged.results()).payload();
        replies.add(header.insertion(new HeaderField(AuthenticationResults.NAME + ":" + octets(value))));
        replies.addAll(more);
        replies.add(MilterReply.Simple.CONTINUE);
        return replies;
    }

    /** RFC 6532: what goes over the wire is UTF-8, one char per octet here. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
