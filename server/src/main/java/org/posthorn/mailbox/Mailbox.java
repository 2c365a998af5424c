package org.posthorn.mailbox;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.HeaderSummary;
import org.posthorn.mail.mime.MimePart;

/**
 * A mailbox that a session has open. All sessions share one state; each keeps its own view of sequence numbers and asks
 * {@link #changesSince} when it may tell its client. Thread-safe; close it at CLOSE, UNSELECT and the session's end.
 */
public interface Mailbox extends Closeable {
    MailboxName name();

    /** Never that of another mailbox of the account, past or present. */
    long uidValidity();

    default MailboxId id() {
        return new MailboxId(uidValidity());
    }

    /** Larger than every UID in use. */
    long uidNext();

    long highestModSeq();

    /** Keywords in use, for FLAGS and PERMANENTFLAGS. */
    Set<String> keywords();

    /** All messages now, ascending by UID; a snapshot that later changes do not touch. Who may meet a large mailbox takes {@link MessageRuns}. */
    List<Message> messages();

    /** The messages from a UID on, ascending, at most so many; a snapshot. */
    List<Message> messagesFrom(long uid, int max);

    Optional<Message> message(long uid);

    /** The id of a message within the account; empty when it is gone. */
    Optional<EmailId> emailId(long uid);

    /**
     * What changed after a point that {@link #highestModSeq} or an earlier call gave; the state of the disk is looked at too,
     * so that mail delivered by other programs shows (at most once a second).
     */
    Changes changesSince(long modSeq) throws IOException;

    /**
     * The UID from which on messages are recent for this session (RFC 3501 2.3.2); with {@code claim} no later session gets them.
     */
    long recentFrom(boolean claim);

    /** The bytes of a message in CRLF form; empty when it is gone. */
    Optional<MessageContent> content(long uid) throws IOException;

    /**
     * As {@link #content}, and it stays readable until it is closed. Its size is that of the octets that will be read, whatever the
     * name of its file says.
     */
    default Optional<HeldMessage> hold(long uid) throws IOException {
        return content(uid).map(content -> new HeldMessage(content, () -> {}));
    }

    /** Structure and envelope, from the index where they are there; empty when the message is gone. */
    Optional<MimePart> structure(long uid) throws IOException;

    /** What ENVELOPE tells, from the index where it is there; empty when the message is gone. */
    default Optional<HeaderSummary> envelope(long uid) throws IOException {
        return structure(uid).flatMap(MimePart::summary);
    }

    /** The UIDs of the messages that a query finds, ascending; what is gone meanwhile is not found. */
    default List<Long> search(SearchQuery query, SearchPace pace) throws IOException {
        return MailboxSearch.run(this, HeaderSource.NONE, query, pace);
    }

    /** Changes flags; returns the messages as they are afterwards, without those that are gone. */
    List<Message> store(List<Long> uids, FlagChange change) throws IOException, MailboxException;

    /** Removes messages for good, whatever their flags; returns the UIDs removed by this call, ascending. */
    List<Long> expunge(List<Long> uids) throws IOException;

    /** Which UIDs became which in the target (RFC 4315 COPYUID), in the same order. */
    record Copied(long uidValidity, List<Long> from, List<Long> to) {}

    /** Copies all of them or none; messages that are gone are left out. */
    Copied copy(List<Long> uids, MailboxName target) throws IOException, MailboxException;

    /** Moves messages (RFC 6851); each is at any moment in one of the two mailboxes. */
    Copied move(List<Long> uids, MailboxName target) throws IOException, MailboxException;

    /**
     * Calls back after each change by anybody, from the changing thread and without locks held: return at once, throw nothing.
     * One listener for each open mailbox; the latest counts.
     */
    void onChange(Runnable listener);

    @Override
    void close();
}
