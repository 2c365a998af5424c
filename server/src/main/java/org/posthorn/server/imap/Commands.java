package org.posthorn.server.imap;

import java.io.IOException;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.protocol.imap.ImapCommand;

/** Which class answers which command. */
final class Commands {
    private Commands() {}

    static Reply run(ImapSession session, String tag, ImapCommand command) throws IOException, MailboxException {
        return switch (command) {
            case ImapCommand.Capability _ -> CapabilityCommand.run(session);
            case ImapCommand.Noop _ -> Reply.ok("NOOP completed");
            case ImapCommand.Logout _ -> LogoutCommand.run(session);
            case ImapCommand.Id id -> IdCommand.run(session, id);
            case ImapCommand.StartTls _ -> StartTlsCommand.run(session);
            case ImapCommand.Authenticate authenticate -> AuthenticateCommand.run(session, authenticate);
            case ImapCommand.Login login -> LoginCommand.run(session, login);
            case ImapCommand.Enable enable -> EnableCommand.run(session, enable);
            case ImapCommand.Select select -> SelectCommand.run(session, select);
            case ImapCommand.Create create -> CreateCommand.run(session, create);
            case ImapCommand.Delete delete -> DeleteCommand.run(session, delete);
            case ImapCommand.Rename rename -> RenameCommand.run(session, rename);
            case ImapCommand.Subscribe subscribe -> SubscribeCommand.run(session, subscribe.mailbox(), true);
            case ImapCommand.Unsubscribe unsubscribe -> SubscribeCommand.run(session, unsubscribe.mailbox(), false);
            case ImapCommand.ListMailboxes list -> ListCommand.run(session, list);
            case ImapCommand.Namespace _ -> NamespaceCommand.run(session);
            case ImapCommand.Status status -> StatusCommand.run(session, status);
            case ImapCommand.Append _ -> throw new IllegalStateException("APPEND comes with its message");
            case ImapCommand.Check _ -> Reply.ok("CHECK completed");
            case ImapCommand.Close _ -> CloseCommand.run(session);
            case ImapCommand.Unselect _ -> UnselectCommand.run(session);
            case ImapCommand.Expunge expunge -> ExpungeCommand.run(session, expunge);
            case ImapCommand.Search search -> SearchCommand.run(session, search);
            case ImapCommand.Fetch fetch -> FetchCommand.run(session, fetch);
            case ImapCommand.Store store -> StoreCommand.run(session, store);
            case ImapCommand.Copy copy -> CopyCommand.run(session, copy);
            case ImapCommand.Move move -> MoveCommand.run(session, move);
            case ImapCommand.Idle _ -> IdleCommand.run(session, tag);
        };
    }
}
