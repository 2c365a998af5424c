package org.posthorn.server.pop3;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/** LIST (RFC 1939 5) and UIDL (7). */
final class ListingCommands {
    private ListingCommands() {}

    static void sizes(Pop3Session session, Maildrop maildrop, OptionalInt number) throws IOException {
        String head = "+OK " + maildrop.count() + " messages (" + maildrop.size() + " octets)";
        list(session, maildrop, number, head, n -> Long.toString(maildrop.size(n)));
    }

    static void ids(Pop3Session session, Maildrop maildrop, OptionalInt number) throws IOException {
        list(session, maildrop, number, "+OK", maildrop::uniqueId);
    }

    private static void list(
            Pop3Session session, Maildrop maildrop, OptionalInt number, String head, IntFunction<String> value)
            throws IOException {
        if (number.isPresent()) {
            int n = number.getAsInt();
            if (maildrop.has(n)) {
                session.reply("+OK " + n + " " + value.apply(n));
            } else {
                session.error("No such message");
            }
            return;
        }
        session.reply(head);
        for (int n = 1; n <= maildrop.last(); n++) {
            if (maildrop.has(n)) {
                session.reply(n + " " + value.apply(n));
            }
        }
        session.reply(".");
    }
}
