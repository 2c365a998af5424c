package org.posthorn.client.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.Address;
import org.posthorn.mail.mime.MessageConverter;
import org.posthorn.mail.mime.PartSurvey;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.protocol.smtp.SmtpReply;

/**
 * Sends one message: MAIL, the RCPTs and DATA, in groups where the server can take them so (RFC 2920), then the text.
 * Recipients that the server had no room for are sent the message again in the same session (RFC 5321 4.5.3.1.10).
 */
final class ClientTransaction {
    /** Octets of commands sent before their replies are read: they fit into every socket buffer, so nobody waits for the other. */
    private static final int WINDOW = 8 * 1024;

    /** Beyond so many octets of text one round trip is small, and a server that takes no recipient is not asked for a text. */
    private static final int LARGE = 64 * 1024;

    private static final int BLOCK = 32 * 1024;
    private static final int MAX_ROUNDS = 100;

    /** Recipients of one transaction; servers must take 100 (RFC 5321 4.5.3.1.8), and say 452 when they take no more. */
    private static final int MAX_RECIPIENTS = 1000;

    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final Conversation conversation;
    private final SmtpHost server;
    private final Capabilities capabilities;
    private final SmtpTimeouts timeouts;
    private final OutgoingMessage message;
    private final @Nullable SmtpResult[] results;

    private boolean resetNeeded;
    private boolean broken;
    private boolean sentWhole;
    private Optional<Conversion> conversion = Optional.empty();

    /** How the text is changed on its way, and where. */
    private record Conversion(PartSurvey survey, boolean sevenBit) {}

    ClientTransaction(
            Conversation conversation,
            SmtpHost server,
            Capabilities capabilities,
            SmtpTimeouts timeouts,
            OutgoingMessage message,
            boolean resetNeeded) {
        this.conversation = conversation;
        this.server = server;
        this.capabilities = capabilities;
        this.timeouts = timeouts;
        this.message = message;
        this.resetNeeded = resetNeeded;
        this.results = new SmtpResult[message.recipients().size()];
    }

    /** The server is in the middle of a transaction that must be taken back before the next. */
    boolean resetNeeded() {
        return resetNeeded;
    }

    /** The connection is of no more use. */
    boolean broken() {
        return broken;
    }

    List<SmtpResult> run() {
        try {
            send();
        } catch (SmtpSessionException e) {
            broken = true;
            fillUp(e.reply()
                    .<SmtpResult>map(SmtpResult.Replied::new)
                    .orElseGet(() -> new SmtpResult.Broken(e.status(), e.text(), sentWhole)));
        } catch (IOException e) {
            // Our own disk: the message must not look complete to the server, so the connection goes.
            broken = true;
            fillUp(new SmtpResult.Broken(new EnhancedStatus(4, 3, 0), "cannot read the message", false));
        }
        List<SmtpResult> list = new ArrayList<>(results.length);
        for (SmtpResult result : results) {
            if (result == null) {
                throw new IllegalStateException("a recipient without result");
            }
            list.add(result);
        }
        return list;
    }

    private void fillUp(SmtpResult result) {
        for (int i = 0; i < results.length; i++) {
            if (results[i] == null) {
                results[i] = result;
            }
        }
    }

    private void send() throws IOException {
        ContentTraits traits = ContentTraits.of(message.content());
        boolean utf8 = needsUtf8(traits);
        Optional<SmtpResult> unfit = unfit(utf8);
        if (unfit.isPresent()) {
            fillUp(unfit.get());
            return;
        }
        if (resetNeeded) {
            SmtpReply reply = taken(conversation.exchange("RSET", "sending RSET", timeouts.command()));
            resetNeeded = false;
            if (!reply.isSuccess()) {
                throw new SmtpSessionException(reply);
            }
        }
        // RFC 6152 3: a server without 8BITMIME gets seven bits only.
        boolean sevenBit = (traits.eightBitBody() || traits.eightBitHeader()) && !capabilities.has("8BITMIME") && !utf8;
        if (sevenBit || traits.longLine()) {
            PartSurvey survey = MessageConverter.survey(message.content());
            if (sevenBit && survey.resistsSevenBit()) {
                fillUp(new SmtpResult.Unfit(
                        new EnhancedStatus(5, 6, 3),
                        "the message has eight-bit text that cannot be converted, and 8BITMIME was not offered by host "
                                + server));
                return;
            }
            conversion = Optional.of(new Conversion(survey, sevenBit));
        }
        String mail = mailCommand(utf8, traits.eightBitBody());
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            open.add(i);
        }
        for (int round = 0; round < MAX_ROUNDS && !open.isEmpty(); round++) {
            int count = Math.min(MAX_RECIPIENTS, open.size());
            Round sent = new Round(List.copyOf(open.subList(0, count)));
            sent.run(mail);
            List<Integer> next = sent.delivered ? crowdedOut(sent.indexes) : new ArrayList<>();
            next.addAll(open.subList(count, open.size()));
            open = next;
        }
        fillUp(new SmtpResult.Replied(SmtpReply.of(452, "4.5.3", "Too many transactions for one message")));
    }

    /** RFC 6531 3.4: only what cannot be said without it; an ASCII message passes everywhere, whatever it came in with. */
    private boolean needsUtf8(ContentTraits traits) {
        return message.smtpUtf8()
                && (traits.eightBitHeader()
                        || message.sender().stream().anyMatch(Address::needsSmtpUtf8)
                        || message.recipients().stream().anyMatch(Address::needsSmtpUtf8));
    }

    private Optional<SmtpResult> unfit(boolean utf8) {
        long limit = capabilities.maxSize();
        // RFC 1870 6.1: why send what is sure to be refused?
        if (limit > 0 && message.content().size() > limit) {
            String text = "message size " + message.content().size() + " exceeds size limit " + limit + " of server "
                    + server;
            return Optional.of(new SmtpResult.Unfit(new EnhancedStatus(5, 3, 4), text));
        }
        // RFC 6531 3.5: without the extension the message cannot go there, and it is returned.
        if (utf8 && !capabilities.has("SMTPUTF8")) {
            String text = "SMTPUTF8 is required, but was not offered by host " + server;
            return Optional.of(new SmtpResult.Unfit(new EnhancedStatus(5, 6, 7), text));
        }
        return Optional.empty();
    }

    private String mailCommand(boolean utf8, boolean eightBit) {
        StringBuilder command = new StringBuilder("MAIL FROM:<");
        message.sender().ifPresent(command::append);
        command.append('>');
        if (capabilities.has("SIZE")) {
            command.append(" SIZE=").append(message.content().size());
        }
        if (capabilities.has("8BITMIME") && (eightBit || utf8)) {
            command.append(" BODY=8BITMIME");
        }
        if (utf8) {
            command.append(" SMTPUTF8");
        }
        return command.toString();
    }

    /** Recipients whom the server would take in another transaction; their reply stands if that is not tried. */
    private List<Integer> crowdedOut(List<Integer> indexes) {
        List<Integer> crowded = new ArrayList<>();
        for (int index : indexes) {
            // RFC 5321 4.5.3.1.10: 452 when there are too many recipients; 552 from old servers means the same.
            if (results[index] instanceof SmtpResult.Replied(SmtpReply reply)
                    && (reply.code() == 452 || reply.code() == 552)) {
                crowded.add(index);
            }
        }
        return crowded;
    }

    /** RFC 5321 3.8: after 421 the server closes the connection, whatever it was in answer to. */
    private static SmtpReply taken(SmtpReply reply) throws SmtpSessionException {
        if (reply.code() == 421) {
            throw new SmtpSessionException(reply);
        }
        return reply;
    }

    /** One MAIL to DATA with some of the recipients. */
    private final class Round {
        final List<Integer> indexes;
        private final List<Integer> accepted = new ArrayList<>();
        private Optional<SmtpReply> mailRefusal = Optional.empty();
        private Optional<SmtpReply> data = Optional.empty();
        private boolean delivered;

        Round(List<Integer> indexes) {
            this.indexes = indexes;
        }

        void run(String mail) throws IOException {
            // Who is sent the message again gets a new result; until then none.
            indexes.forEach(index -> results[index] = null);
            sentWhole = false;
            envelope(mail);
            if (data.filter(reply -> reply.code() == 354).isPresent()) {
                text();
            } else {
                resetNeeded = true;
                SmtpReply refusal = mailRefusal.or(() -> data).orElse(SmtpReply.of(451, "4.5.0", "no answer to DATA"));
                indexes.stream()
                        .filter(index -> results[index] == null)
                        .forEach(index -> results[index] = new SmtpResult.Replied(refusal));
            }
        }

        /** Steps: 0 is MAIL, 1 to n the RCPTs, n + 1 DATA. */
        private void envelope(String mail) throws SmtpSessionException {
            boolean pipelining = capabilities.has("PIPELINING");
            int last = indexes.size() + 1;
            int together = message.content().size() > LARGE ? last - 1 : last;
            int sent = 0;
            int answered = 0;
            while (sent <= last) {
                if (mailRefusal.isPresent() || (sent == last && accepted.isEmpty())) {
                    return;
                }
                int octets = 0;
                do {
                    String command = step(sent, last, mail);
                    conversation.write(command, phase(sent, last));
                    octets += command.length();
                    sent++;
                } while (pipelining && sent <= together && octets < WINDOW);
                while (answered < sent) {
                    Duration limit = answered == last ? timeouts.dataStart() : timeouts.command();
                    answer(answered, last, taken(conversation.reply(phase(answered, last), limit)));
                    answered++;
                }
            }
        }

        private String step(int step, int last, String mail) {
            if (step == 0) {
                return mail;
            }
            return step == last ? "DATA" : "RCPT TO:<" + message.recipients().get(indexes.get(step - 1)) + ">";
        }

        private String phase(int step, int last) {
            return step == 0 ? "sending MAIL FROM" : step == last ? "sending DATA command" : "sending RCPT TO";
        }

        private void answer(int step, int last, SmtpReply reply) {
            if (step == 0) {
                mailRefusal = reply.isSuccess() ? Optional.empty() : Optional.of(reply);
            } else if (step == last) {
                data = Optional.of(reply);
            } else if (reply.isSuccess()) {
                accepted.add(indexes.get(step - 1));
            } else if (mailRefusal.isEmpty()) {
                // After a refused MAIL the RCPTs fail too (503), but the reason is MAIL's.
                results[indexes.get(step - 1)] = new SmtpResult.Replied(reply);
            }
        }

        private void text() throws IOException {
            if (accepted.isEmpty() || mailRefusal.isPresent()) {
                // RFC 2920 3.1: a server that says 354 although it took no recipient gets an empty text.
                conversation.write(".", "sending end of data");
                var _ = taken(conversation.reply(
                        "sending end of data -- message may be sent more than once", timeouts.dataEnd()));
                resetNeeded = true;
                mailRefusal.ifPresent(
                        refusal -> indexes.forEach(index -> results[index] = new SmtpResult.Replied(refusal)));
                return;
            }
            SmtpReply reply = sendText();
            resetNeeded = false;
            delivered = reply.isSuccess();
            accepted.forEach(index -> results[index] = new SmtpResult.Replied(reply));
        }

        private SmtpReply sendText() throws IOException {
            DotStuffer stuffer = new DotStuffer(conversation.out());
            Optional<MessageConverter> converter =
                    conversion.map(how -> MessageConverter.to(stuffer, how.survey(), how.sevenBit()));
            OutputStream out = converter.isPresent() ? converter.get() : stuffer;
            byte[] block = new byte[Math.clamp(message.content().size(), 1, BLOCK)];
            try (InputStream in = message.content().open()) {
                for (int count = in.read(block); count >= 0; count = in.read(block)) {
                    try {
                        out.write(block, 0, count);
                    } catch (IOException e) {
                        return lastWords(e);
                    }
                }
            }
            sentWhole = true;
            try {
                if (converter.isPresent()) {
                    converter.get().end();
                }
                stuffer.end();
            } catch (IOException e) {
                throw conversation.broken(e, "sending end of data -- message may be sent more than once");
            }
            return taken(conversation.reply(
                    "sending end of data -- message may be sent more than once", timeouts.dataEnd()));
        }

        /** A server that has had enough in the middle of the text may have said why before it closed. */
        private SmtpReply lastWords(IOException cause) throws SmtpSessionException {
            SmtpSessionException lost = conversation.broken(cause, "sending message body");
            SmtpReply reply;
            try {
                reply = conversation.lastReply("sending message body", LAST_WORDS);
            } catch (SmtpSessionException e) {
                throw lost;
            }
            broken = true;
            if (reply.isSuccess()) {
                throw lost;
            }
            return reply;
        }
    }
}
