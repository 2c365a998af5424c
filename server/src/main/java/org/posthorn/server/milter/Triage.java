package org.posthorn.server.milter;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.protocol.milter.MilterReply;

/** Decides, once the header is known, what is done with a message. */
record Triage(MilterConfig config, MilterServices services) {
    private static final MilterReply CANNOT_SIGN =
            new MilterReply.Refuse("451 4.7.5 Cannot sign the message at present");

    /** What is done. */
    sealed interface Decision {
        record Treat(MessageTreatment treatment) implements Decision {}

        /** Nothing: the body need not even be shown. */
        record Settled(MilterReply reply) implements Decision {}
    }

    private static final Decision UNTOUCHED = new Decision.Settled(MilterReply.Simple.ACCEPT);

    Decision treat(MilterTransaction transaction, MessageHeader header, boolean canQuarantine) {
        Origin origin = Origin.of(transaction, config);
        return switch (origin) {
            case AUTHENTICATED, DAEMON, INTERNAL ->
                config.modes().contains(MilterConfig.Mode.SIGN) ? sign(transaction, header, origin) : UNTOUCHED;
            case ELSEWHERE ->
                config.modes().contains(MilterConfig.Mode.VERIFY)
                        ? verify(transaction, header, canQuarantine)
                        : UNTOUCHED;
        };
    }

    /** A client without an address cannot be judged. */
    private Decision verify(MilterTransaction transaction, MessageHeader header, boolean canQuarantine) {
        return transaction
                .client()
                .<Decision>map(client ->
                        new Decision.Treat(new Verifying(config, services, client, transaction, header, canQuarantine)))
                .orElse(UNTOUCHED);
    }

    private Decision sign(MilterTransaction transaction, MessageHeader header, Origin origin) {
        Optional<Domain> author = header.author();
        if (author.isEmpty()) {
            return unsigned(transaction, "no single From with an address");
        }
        Domain domain = author.get();
        try {
            Optional<DkimSigner> signer = services.signers().of(domain);
            if (signer.isEmpty()) {
                return unsigned(transaction, "no key for " + domain);
            }
            String why = origin.name().toLowerCase(Locale.ROOT);
            services.log().info("milter", transaction.queueId(), "dkim-sign", "domain", domain, "origin", why);
            return new Decision.Treat(new Signing(signer.get(), header, services.clock()));
        } catch (IOException e) {
            services.log().failure(MailLog.Level.ERROR, "milter", transaction.queueId(), "dkim-no-key", e);
            return new Decision.Settled(CANNOT_SIGN);
        }
    }

    private Decision unsigned(MilterTransaction transaction, String reason) {
        services.log().info("milter", transaction.queueId(), "dkim-not-signed", "reason", reason);
        return UNTOUCHED;
    }
}
