package org.posthorn.protocol.pop3;

import java.util.Optional;
import java.util.OptionalInt;

/** A command that a client sent, syntactically sound. Message numbers are 1 or more; whether there is such a message is another matter. */
public sealed interface Pop3Command {
    record User(String name) implements Pop3Command {}

    /** The password may hold spaces (RFC 1939 7). */
    record Pass(String password) implements Pop3Command {}

    /** AUTH (RFC 5034); without a mechanism it asks for their list, as RFC 1734's clients do. */
    record Auth(Optional<String> mechanism, Optional<String> initialResponse) implements Pop3Command {}

    /** LIST, for one message or all. */
    record ListSizes(OptionalInt number) implements Pop3Command {}

    /** UIDL, for one message or all. */
    record ListIds(OptionalInt number) implements Pop3Command {}

    record Retr(int number) implements Pop3Command {}

    record Dele(int number) implements Pop3Command {}

    /** The header and so many lines of the body. */
    record Top(int number, int lines) implements Pop3Command {}

    /** The commands without arguments. */
    enum Simple implements Pop3Command {
        STAT,
        NOOP,
        RSET,
        QUIT,
        CAPA,
        STLS
    }

    /** A verb that we do not know, APOP among them. */
    record Unknown() implements Pop3Command {}
}
