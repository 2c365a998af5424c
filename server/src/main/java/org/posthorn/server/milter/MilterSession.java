package org.posthorn.server.milter;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Optional;
import org.posthorn.net.Connection;
import org.posthorn.net.MemoryShortageException;
import org.posthorn.protocol.milter.MilterCommand;
import org.posthorn.protocol.milter.MilterCommandParser;
import org.posthorn.protocol.milter.MilterOptions;
import org.posthorn.protocol.milter.MilterOptions.Action;
import org.posthorn.protocol.milter.MilterOptions.Step;
import org.posthorn.protocol.milter.MilterReply;
import org.posthorn.protocol.milter.MilterStage;
import org.posthorn.protocol.milter.MilterSyntaxException;
import org.posthorn.protocol.milter.PacketHead;

/** One connection of an MTA, with any number of messages. Used by one thread. */
final class MilterSession {
    private static final MilterReply HEADER_TOO_LARGE = new MilterReply.Refuse("552 5.3.4 Message header too large");

    private static final int ACTIONS =
            bits(Action.ADD_HEADERS, Action.CHANGE_HEADERS, Action.QUARANTINE, Action.SET_MACROS);
    private static final int STEPS = bits(
            Step.NO_DATA,
            Step.NO_UNKNOWN,
            Step.SILENT_CONNECT,
            Step.SILENT_HELO,
            Step.SILENT_MAIL,
            Step.SILENT_RCPT,
            Step.SILENT_HEADER,
            Step.SILENT_BODY,
            Step.LEADING_SPACE);
    private static final Map<MilterStage, String> MACROS = Map.of(
            MilterStage.CONNECT, "j {daemon_name}",
            MilterStage.MAIL, "i {auth_type} {auth_authen}",
            MilterStage.RCPT, "i",
            MilterStage.END_OF_HEADERS, "i",
            MilterStage.END_OF_MESSAGE, "i");

    /** Of a packet: as it came, as text, and within what is made of it. */
    private static final long COPIES = 3;

    private static final int PACKET_OBJECTS = 200;

    private final MilterConfig config;
    private final MilterServices services;
    private final Connection connection;
    private final PacketReader packets;
    private final MilterTransaction transaction = new MilterTransaction();
    private MilterOptions agreed = new MilterOptions(MilterOptions.OLDEST, 0, 0);
    private MessageHeader header = new MessageHeader(false);
    private Optional<MessageTreatment> treatment = Optional.empty();
    private long charged;
    private boolean open = true;

    MilterSession(MilterConfig config, MilterServices services, Connection connection) {
        this.config = config;
        this.services = services;
        this.connection = connection;
        this.packets = new PacketReader(connection);
    }

    private static int bits(Action... actions) {
        int bits = 0;
        for (Action action : actions) {
            bits |= action.bit();
        }
        return bits;
    }

    private static int bits(Step... steps) {
        int bits = 0;
        for (Step step : steps) {
            bits |= step.bit();
        }
        return bits;
    }

    void run() throws IOException {
        connection.lastReadTimeout(config.idleTimeout());
        try {
            begin();
            while (open) {
                next();
            }
        } catch (MilterSyntaxException e) {
            complain("protocol-error", String.valueOf(e.getMessage()));
        } catch (MemoryShortageException e) {
            complain("memory", "short of memory");
            send(MilterReply.Simple.DEFER);
            connection.out().flush();
        } catch (SocketTimeoutException e) {
            complain("timeout", "silent for " + config.idleTimeout().toSeconds() + " s");
        }
    }

    private void complain(String event, String reason) {
        services.log()
                .warning(
                        "milter",
                        connection.id(),
                        event,
                        "mta",
                        connection.peer(),
                        "queue-id",
                        transaction.queueId(),
                        "reason",
                        reason);
    }

    /** The MTA offers what it can, and takes what we want of it. */
    private void begin() throws IOException {
        PacketHead head = packets.next();
        if (head.isStreamed()
                || !(MilterCommandParser.parse(head.command(), packets.data(head))
                        instanceof MilterCommand.Negotiate negotiate)) {
            throw new MilterSyntaxException("no negotiation");
        }
        agreed = negotiate.offer().wanting(ACTIONS, STEPS);
        if (!agreed.has(Action.ADD_HEADERS)) {
            throw new MilterSyntaxException("the MTA lets no header fields be added");
        }
        send(new MilterReply.Negotiate(agreed, agreed.has(Action.SET_MACROS) ? MACROS : Map.of()));
        newHeader();
    }

    private void next() throws IOException {
        PacketHead head = packets.next();
        if (head.command() == MilterCommandParser.BODY) {
            packets.stream(head, this::body);
            answer(Step.SILENT_BODY);
        } else if (head.command() == MilterCommandParser.END_OF_MESSAGE) {
            packets.stream(head, this::body);
            endOfMessage();
        } else {
            keep(head);
        }
    }

    /** Takes a packet whole. What is kept of a message is paid for until the message ends. */
    private void keep(PacketHead head) throws IOException {
        long cost = COPIES * head.length() + PACKET_OBJECTS;
        connection.memory().charge(cost);
        boolean kept = false;
        try {
            MilterCommand command = MilterCommandParser.parse(head.command(), packets.data(head));
            kept = command instanceof MilterCommand.Header
                    || command instanceof MilterCommand.Rcpt
                    || command instanceof MilterCommand.Macros;
            charged += kept ? cost : 0;
            obey(command);
        } finally {
            if (!kept) {
                connection.memory().release(cost);
            }
        }
    }

    private void obey(MilterCommand command) throws IOException {
        switch (command) {
            case MilterCommand.Negotiate _ -> throw new MilterSyntaxException("negotiation twice");
            case MilterCommand.Macros macros -> transaction.macros(macros);
            case MilterCommand.Connect connect -> {
                transaction.connect(connect);
                answer(Step.SILENT_CONNECT);
            }
            case MilterCommand.Helo helo -> {
                transaction.helo(helo);
                answer(Step.SILENT_HELO);
            }
            case MilterCommand.Mail mail -> {
                newHeader();
                transaction.mail(mail);
                answer(Step.SILENT_MAIL);
            }
            case MilterCommand.Rcpt rcpt -> {
                transaction.rcpt(rcpt);
                answer(Step.SILENT_RCPT);
            }
            case MilterCommand.Header field -> {
                header.add(field);
                answer(Step.SILENT_HEADER);
            }
            case MilterCommand.Unknown _ -> answer(Step.SILENT_UNKNOWN);
            case MilterCommand.Simple simple -> obey(simple);
        }
    }

    private void obey(MilterCommand.Simple command) throws IOException {
        switch (command) {
            case DATA -> answer(Step.SILENT_DATA);
            case END_OF_HEADERS -> endOfHeaders();
            case ABORT -> endMessage();
            case QUIT -> open = false;
            case NEXT_CONNECTION -> {
                transaction.endSession();
                endMessage();
            }
        }
    }

    private void endOfHeaders() throws IOException {
        if (header.isTooLarge()) {
            endMessage();
            send(HEADER_TOO_LARGE);
            return;
        }
        boolean canQuarantine = agreed.has(Action.QUARANTINE);
        switch (new Triage(config, services).treat(transaction, header, canQuarantine)) {
            case Triage.Decision.Treat(var chosen) -> {
                treatment = Optional.of(chosen);
                send(MilterReply.Simple.CONTINUE);
            }
            case Triage.Decision.Settled(var reply) -> {
                endMessage();
                send(reply);
            }
        }
    }

    private void body(byte[] bytes, int offset, int length) throws IOException {
        if (treatment.isPresent()) {
            treatment.get().body(bytes, offset, length);
        }
    }

    private void endOfMessage() throws IOException {
        if (treatment.isEmpty()) {
            send(MilterReply.Simple.ACCEPT);
        } else {
            Progress progress = new Progress(config.progressInterval(), this::tellProgress);
            for (MilterReply reply : treatment.get().finish(progress)) {
                send(reply);
            }
        }
        endMessage();
    }

    private void tellProgress() throws IOException {
        send(MilterReply.Simple.PROGRESS);
        connection.out().flush();
    }

    private void endMessage() {
        transaction.endMessage();
        // What has been told of the SMTP session stays.
        long stays = Math.min(charged, COPIES * transaction.macroOctets());
        connection.memory().release(charged - stays);
        charged = stays;
        newHeader();
    }

    private void newHeader() {
        header = new MessageHeader(agreed.has(Step.LEADING_SPACE));
        treatment = Optional.empty();
    }

    /** Goes on, without a word where the MTA does not wait for one. */
    private void answer(Step silent) throws IOException {
        if (!agreed.has(silent)) {
            send(MilterReply.Simple.CONTINUE);
        }
    }

    private void send(MilterReply reply) throws IOException {
        connection.out().write(reply.packet());
    }
}
