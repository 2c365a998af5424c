package org.posthorn.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.mailbox.MailboxInfo;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.ListPattern;

/** LIST and LSUB (RFC 3501 6.3.8, 6.3.9), with the attributes of RFC 3348 (children) and RFC 6154 (special use). */
final class ListCommand {
    private ListCommand() {}

    static Reply run(ImapSession session, ImapCommand.ListMailboxes command) throws IOException {
        String verb = command.subscribed() ? "LSUB" : "LIST";
        if (command.pattern().isEmpty()) {
            // 6.3.8: an empty name asks for the separator and the root of the reference.
            write(session, verb, List.of("\\Noselect"), "");
            return Reply.ok(verb + " completed");
        }
        ListPattern pattern = new ListPattern(
                command.reference() + command.pattern(), session.config().separator());
        try (CpuTurn turn = session.turn()) {
            if (command.subscribed()) {
                lsub(session, pattern, turn);
            } else {
                list(session, pattern, turn);
            }
        }
        return Reply.ok(verb + " completed");
    }

    private static void list(ImapSession session, ListPattern pattern, CpuTurn turn) throws IOException {
        List<MailboxInfo> all = session.mail().mailboxes();
        Set<MailboxName> parents = new HashSet<>();
        for (MailboxInfo mailbox : all) {
            parent(mailbox.name(), parents);
        }
        for (MailboxInfo mailbox : all) {
            turn.pause();
            String name = session.text(mailbox.name());
            if (pattern.matches(name)) {
                List<String> attributes = new ArrayList<>(3);
                if (!mailbox.selectable()) {
                    attributes.add("\\Noselect");
                }
                attributes.add(parents.contains(mailbox.name()) ? "\\HasChildren" : "\\HasNoChildren");
                mailbox.specialUse().ifPresent(use -> attributes.add(use.attribute()));
                write(session, "LIST", attributes, name);
            }
        }
    }

    private static void parent(MailboxName name, Set<MailboxName> parents) {
        if (name.levels().size() > 1) {
            parents.add(new MailboxName(name.levels().subList(0, name.levels().size() - 1)));
        }
    }

    private static void lsub(ImapSession session, ListPattern pattern, CpuTurn turn) throws IOException {
        Set<MailboxName> existing = new HashSet<>();
        for (MailboxInfo mailbox : session.mail().mailboxes()) {
            if (mailbox.selectable()) {
                existing.add(mailbox.name());
            }
        }
        TreeMap<String, Boolean> found = new TreeMap<>();
        Set<String> above = new HashSet<>();
        for (MailboxName name : session.mail().subscriptions()) {
            turn.pause();
            String text = session.text(name);
            List<Integer> levels = pattern.matchingLevels(text);
            if (!levels.isEmpty() && levels.getLast() == text.length()) {
                found.put(text, existing.contains(name));
            } else {
                // 6.3.9: with %, "foo" is returned as \Noselect when only "foo/bar" is subscribed.
                levels.forEach(length -> above.add(text.substring(0, length)));
            }
        }
        above.forEach(name -> found.putIfAbsent(name, false));
        found.forEach(
                (name, selectable) -> write(session, "LSUB", selectable ? List.of() : List.of("\\Noselect"), name));
    }

    private static void write(ImapSession session, String verb, List<String> attributes, String name) {
        Responses out = session.out();
        out.buffer().text("* ").text(verb).space().list(attributes);
        out.buffer()
                .text(" \"")
                .character(session.config().separator())
                .text("\" ")
                .mailbox(name);
        out.endOfLine();
    }
}
