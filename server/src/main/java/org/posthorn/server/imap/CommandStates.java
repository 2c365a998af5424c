package org.posthorn.server.imap;

import java.util.Locale;
import java.util.Optional;
import org.posthorn.protocol.imap.ImapCommand;

/** In which state of a session a command is allowed (RFC 3501 6.1 to 6.4), and what may be told after it. */
final class CommandStates {
    private CommandStates() {}

    private enum Needed {
        ANY,
        NOT_AUTHENTICATED,
        AUTHENTICATED,
        SELECTED
    }

    private static Needed needed(ImapCommand command) {
        return switch (command) {
            case ImapCommand.Capability _, ImapCommand.Noop _, ImapCommand.Logout _, ImapCommand.Id _ -> Needed.ANY;
            case ImapCommand.StartTls _, ImapCommand.Authenticate _, ImapCommand.Login _ -> Needed.NOT_AUTHENTICATED;
            case ImapCommand.Enable _,
                    ImapCommand.Select _,
                    ImapCommand.Create _,
                    ImapCommand.Delete _,
                    ImapCommand.Rename _,
                    ImapCommand.Subscribe _,
                    ImapCommand.Unsubscribe _,
                    ImapCommand.ListMailboxes _,
                    ImapCommand.Namespace _,
                    ImapCommand.Status _,
                    ImapCommand.Append _,
                    ImapCommand.Idle _ -> Needed.AUTHENTICATED;
            case ImapCommand.Check _,
                    ImapCommand.Close _,
                    ImapCommand.Unselect _,
                    ImapCommand.Expunge _,
                    ImapCommand.Search _,
                    ImapCommand.Fetch _,
                    ImapCommand.Store _,
                    ImapCommand.Copy _,
                    ImapCommand.Move _ -> Needed.SELECTED;
        };
    }

    /** The answer to a command that comes in the wrong state. */
    static Optional<Reply> refusal(ImapCommand command, boolean authenticated, boolean selected) {
        return switch (needed(command)) {
            case ANY -> Optional.empty();
            case NOT_AUTHENTICATED -> authenticated ? Optional.of(Reply.bad("Already logged in")) : Optional.empty();
            case AUTHENTICATED -> authenticated ? Optional.empty() : Optional.of(Reply.bad("Please log in first"));
            case SELECTED -> {
                if (!authenticated) {
                    yield Optional.of(Reply.bad("Please log in first"));
                }
                yield selected ? Optional.empty() : Optional.of(Reply.bad("No mailbox selected"));
            }
        };
    }

    /** Changes are told at the end of every command but those that have told them, or that leave the mailbox. */
    static boolean mayAnnounce(ImapCommand command) {
        return !(command instanceof ImapCommand.Select || command instanceof ImapCommand.Logout);
    }

    /** RFC 3501 7.4.1: no EXPUNGE response while FETCH, STORE or SEARCH goes by sequence numbers. */
    static boolean mayExpunge(ImapCommand command) {
        return switch (command) {
            case ImapCommand.Fetch fetch -> fetch.uid();
            case ImapCommand.Store store -> store.uid();
            case ImapCommand.Search search -> search.uid();
            default -> true;
        };
    }

    /** Whether FETCH responses to this command carry the UID (6.4.8). */
    static boolean isUid(ImapCommand command) {
        return switch (command) {
            case ImapCommand.Fetch fetch -> fetch.uid();
            case ImapCommand.Store store -> store.uid();
            default -> false;
        };
    }

    /** For the log. */
    static String name(ImapCommand command) {
        return switch (command) {
            case ImapCommand.ListMailboxes list -> list.subscribed() ? "LSUB" : "LIST";
            case ImapCommand.Select select when select.readOnly() -> "EXAMINE";
            default -> command.getClass().getSimpleName().toUpperCase(Locale.ROOT);
        };
    }
}
