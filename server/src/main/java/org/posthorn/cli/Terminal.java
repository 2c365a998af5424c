package org.posthorn.cli;

import java.io.Console;
import java.util.Optional;

/** Somebody who can be asked. */
final class Terminal {
    private Terminal() {}

    /** Empty in a pipe, under cron and in a service, where the JDK may give a console that is no terminal, or none at all. */
    static Optional<Console> find() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }
}
