package org.posthorn.server.milter;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.posthorn.flow.authentication.Authentication;
import org.posthorn.flow.authentication.Disposition;
import org.posthorn.flow.authentication.MessageAuthentication;
import org.posthorn.mail.Address;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.milter.MilterReply;
import org.posthorn.protocol.smtp.SmtpReply;

/** Judges a message of others, says so in a field of our own, and removes those that pretend to be ours. */
final class Verifying implements MessageTreatment {
    private final MilterConfig config;
    private final MilterServices services;
    private final String queueId;
    private final boolean canQuarantine;
    private final MessageHeader header;
    private final MessageAuthentication authentication;

    /** @param canQuarantine whether the MTA lets us have a message held */
    Verifying(
            MilterConfig config,
            MilterServices services,
            InetAddress client,
            Transaction transaction,
            MessageHeader header,
            boolean canQuarantine) {
        this.config = config;
        this.services = services;
        this.queueId = transaction.queueId();
        this.canQuarantine = canQuarantine;
        this.header = header;
        this.authentication = services.authenticator().begin(client, transaction.helo(), sender(transaction.sender()));
        authentication.header(header.fields());
    }

    /** Empty for the null sender, and for what the MTA should not have taken for an address. */
    private static Optional<Address> sender(String path) {
        String address = path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
        try {
            return address.isEmpty() ? Optional.empty() : Optional.of(Address.parse(unicode(address)));
        } catch (MalformedAddressException e) {
            return Optional.empty();
        }
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
        authentication.body(bytes, offset, length);
    }

    @Override
    public List<MilterReply> finish() {
        Authentication judged = authentication.finish();
        Disposition disposition = services.rules().decide(judged);
        log(judged, disposition);
        if (!config.enforce()) {
            return noted(judged, List.of());
        }
        return switch (disposition) {
            case Disposition.Accept _ -> noted(judged, List.of());
            case Disposition.Quarantine _ ->
                noted(
                        judged,
                        canQuarantine
                                ? List.of(new MilterReply.Quarantine("authentication: the policy is quarantine"))
                                : List.of());
            case Disposition.Reject(var reply, var _) -> List.of(refusal(reply));
            case Disposition.Defer(var reply, var _) -> List.of(refusal(reply));
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

    private void log(Authentication judged, Disposition disposition) {
        String results = judged.results().stream()
                .map(result -> result.method() + "=" + result.result())
                .collect(Collectors.joining(" "));
        services.log()
                .info(
                        "milter",
                        queueId,
                        "verified",
                        "results",
                        results,
                        "from",
                        judged.dmarc().author().orElse("-"),
                        "disposition",
                        disposition.name(),
                        "enforced",
                        config.enforce());
    }

    /** RFC 6532: what goes over the wire is UTF-8, one char per octet here. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String unicode(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
