package org.posthorn.server.imap;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.MessageRuns;
import org.posthorn.protocol.imap.FetchItem;
import org.posthorn.protocol.imap.ImapCommand;

/** FETCH and UID FETCH (RFC 3501 6.4.5). */
final class FetchCommand {
    /** From how many messages on the whole list is walked instead of asking for each. */
    private static final int MANY = 8;

    /** What costs more memory than this takes a turn at once, octets: to parse 64 KiB takes less than the grace of a turn. */
    private static final long TURN_COST = 2L << 20;

    /** What the index alone tells of a message is no longer than this without its keywords, octets. */
    private static final int PLAIN_LINE = 256;

    /** The longest keyword that a client can set, and a space, octets. */
    private static final int KEYWORD = 101;

    private final ImapSession session;
    private final SelectedMailbox selected;
    private final List<FetchItem> items;
    private final CpuTurn turn;
    private final boolean plain;
    private boolean someGone;
    private boolean unreadable;

    private FetchCommand(ImapSession session, ImapCommand.Fetch command, CpuTurn turn) {
        this.turn = turn;
        this.session = session;
        this.selected = session.selected();
        this.items = withUid(command);
        this.plain = FetchResponse.isPlain(items);
    }

    static Reply run(ImapSession session, ImapCommand.Fetch command) throws IOException, MailboxException {
        SelectedMailbox selected = session.selected();
        if (!command.uid() && !command.set().isWithin(selected.size())) {
            return Reply.bad("No such message");
        }
        try (CpuTurn turn = session.turn()) {
            return new FetchCommand(session, command, turn).fetch(selected.resolve(command.set(), command.uid()));
        }
    }

    /** 6.4.8: UID FETCH gives the UID whether asked for or not. */
    private static List<FetchItem> withUid(ImapCommand.Fetch command) {
        if (!command.uid() || command.items().contains(FetchItem.Simple.UID)) {
            return command.items();
        }
        List<FetchItem> items = new ArrayList<>(command.items().size() + 1);
        items.add(FetchItem.Simple.UID);
        items.addAll(command.items());
        return items;
    }

    private Reply fetch(int[] sequences) throws IOException, MailboxException {
        List<Message> messages = messages(sequences);
        Set<Long> nowSeen = markSeen(messages);
        for (Message message : messages) {
            Message current = message;
            boolean changed = nowSeen.contains(message.uid());
            if (changed) {
                current = selected.mailbox().message(message.uid()).orElse(message);
            }
            someGone |= !write(current, changed);
        }
        if (unreadable) {
            return Reply.no("UNAVAILABLE", "Some messages could not be read; see the server's log");
        }
        return someGone
                ? Reply.ok("EXPUNGEISSUED", "Some messages were expunged already")
                : Reply.ok("FETCH completed");
    }

    private List<Message> messages(int[] sequences) {
        List<Message> found = new ArrayList<>(sequences.length);
        if (sequences.length <= MANY) {
            for (int sequence : sequences) {
                Optional<Message> message = selected.mailbox().message(selected.uid(sequence));
                message.ifPresent(found::add);
            }
        } else {
            int next = 0;
            for (Message message : MessageRuns.from(selected.mailbox(), selected.uid(sequences[0]))) {
                if (next == sequences.length) {
                    break;
                }
                while (next < sequences.length && selected.uid(sequences[next]) < message.uid()) {
                    next++;
                }
                if (next < sequences.length && selected.uid(sequences[next]) == message.uid()) {
                    found.add(message);
                }
            }
        }
        someGone = found.size() < sequences.length;
        return found;
    }

    /** Sections that are fetched without PEEK set \Seen; says for which messages that changed something. */
    private Set<Long> markSeen(List<Message> messages) throws IOException, MailboxException {
        boolean wanted = items.stream().anyMatch(item -> item instanceof FetchItem.Text text && !text.peek());
        if (!wanted || selected.isReadOnly()) {
            return Set.of();
        }
        List<Long> unseen = new ArrayList<>();
        for (Message message : messages) {
            if (!message.flags().has(Flags.SEEN)) {
                unseen.add(message.uid());
            }
        }
        if (unseen.isEmpty()) {
            return Set.of();
        }
        FlagChange seen = new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN));
        for (Message message : selected.mailbox().store(unseen, seen)) {
            selected.told(message);
        }
        return new HashSet<>(unseen);
    }

    /** Where the structure of a large message may have to be found it takes a turn; false when the message has gone. */
    private boolean load(FetchResponse response, Message message) throws IOException {
        if (FetchResponse.cost(items, message) > TURN_COST) {
            turn.take();
        } else {
            turn.pause();
        }
        boolean loaded = response.load(items);
        turn.rest();
        return loaded;
    }

    /**
     * Tells what the index alone knows. Many such lines fit into the buffer: the turn is given up only where one may have to wait for the
     * client.
     */
    private boolean writePlain(int sequence, Message message, boolean flagsChanged) throws IOException {
        turn.pause();
        if (!session.out()
                .hasRoomFor(PLAIN_LINE + KEYWORD * message.flags().keywords().size())) {
            turn.rest();
        }
        try (FetchResponse response = new FetchResponse(session.out(), selected, message)) {
            response.write(sequence, items, flagsChanged);
        }
        return true;
    }

    /** False when the message has gone meanwhile. */
    private boolean write(Message message, boolean flagsChanged) throws IOException {
        int sequence = selected.sequence(message.uid());
        if (plain && sequence > 0) {
            return writePlain(sequence, message, flagsChanged);
        }
        try (FetchResponse response = new FetchResponse(session.out(), selected, message);
                StructureMemory.Share share =
                        StructureMemory.OF_PROCESS.take(session.name(), FetchResponse.cost(items, message), turn)) {
            if (sequence < 1 || !load(response, message)) {
                return false;
            }
            share.shrinkTo(response.held(items));
            response.write(sequence, items, flagsChanged);
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            // This one cannot be read: not ours to read, or no file of mail. The others can.
            unreadable = true;
            session.log()
                    .failure(
                            MailLog.Level.ERROR,
                            "imap",
                            session.id(),
                            "message-unreadable",
                            e,
                            "account",
                            session.name());
        }
        return true;
    }
}
