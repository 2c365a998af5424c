package org.posthorn.protocol.imap;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client may ask for. Mailbox names are decoded from modified UTF-7; {@code uid} marks the UID form. */
public sealed interface ImapCommand {
    record Capability() implements ImapCommand {}

    record Noop() implements ImapCommand {}

    record Logout() implements ImapCommand {}

    /** RFC 2971; at most 30 fields, those that are NIL left out. */
    record Id(Map<String, String> fields) implements ImapCommand {
        public Id {
            fields = Map.copyOf(fields);
        }
    }

    record StartTls() implements ImapCommand {}

    /**
     * AUTHENTICATE (6.2.2).
     *
     * @param mechanism in upper case
     * @param initialResponse still in Base64; {@code =} for an empty one (RFC 4959)
     */
    record Authenticate(String mechanism, Optional<String> initialResponse) implements ImapCommand {
        @Override
        public String toString() {
            return "Authenticate[" + mechanism + "]";
        }
    }

    record Login(String user, String password) implements ImapCommand {
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    /** RFC 5161; names in upper case. */
    record Enable(List<String> capabilities) implements ImapCommand {
        public Enable {
            capabilities = List.copyOf(capabilities);
        }
    }

    /** SELECT, or EXAMINE when {@code readOnly}. */
    record Select(String mailbox, boolean readOnly) implements ImapCommand {}

    record Create(String mailbox) implements ImapCommand {}

    record Delete(String mailbox) implements ImapCommand {}

    record Rename(String from, String to) implements ImapCommand {}

    record Subscribe(String mailbox) implements ImapCommand {}

    record Unsubscribe(String mailbox) implements ImapCommand {}

    /** LIST, or LSUB when {@code subscribed}. */
    record ListMailboxes(String reference, String pattern, boolean subscribed) implements ImapCommand {}

    record Namespace() implements ImapCommand {}

    record Status(String mailbox, List<StatusItem> items) implements ImapCommand {
        public Status {
            items = List.copyOf(items);
        }
    }

    /**
     * All of APPEND but the message, whose literal follows on the wire.
     *
     * @param size octets of the literal
     */
    record Append(String mailbox, FlagList flags, Optional<Instant> internalDate, long size) implements ImapCommand {}

    record Check() implements ImapCommand {}

    record Close() implements ImapCommand {}

    record Unselect() implements ImapCommand {}

    /** EXPUNGE, or UID EXPUNGE of the set (RFC 4315). */
    record Expunge(Optional<SequenceSet> uids) implements ImapCommand {}

    /**
     * SEARCH (6.4.4).
     *
     * @param unknownCharset the CHARSET that cannot be had; the key is then empty of meaning
     */
    record Search(boolean uid, Optional<String> unknownCharset, SearchKey key) implements ImapCommand {}

    record Fetch(boolean uid, SequenceSet set, List<FetchItem> items) implements ImapCommand {
        public Fetch {
            items = List.copyOf(items);
        }
    }

    record Store(boolean uid, SequenceSet set, Mode mode, boolean silent, FlagList flags) implements ImapCommand {
        /** {@code FLAGS}, {@code +FLAGS} and {@code -FLAGS}. */
        public enum Mode {
            REPLACE,
            ADD,
            REMOVE
        }
    }

    record Copy(boolean uid, SequenceSet set, String mailbox) implements ImapCommand {}

    record Move(boolean uid, SequenceSet set, String mailbox) implements ImapCommand {}

    record Idle() implements ImapCommand {}

    /** What STATUS can be asked for (RFC 3501 6.3.10). */
    enum StatusItem {
        MESSAGES,
        RECENT,
        UIDNEXT,
        UIDVALIDITY,
        UNSEEN
    }
}
