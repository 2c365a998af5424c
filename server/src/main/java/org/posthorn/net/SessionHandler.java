package org.posthorn.net;

import java.io.IOException;

/** Serves one connection on its own virtual thread, from the greeting to the end. */
@FunctionalInterface
public interface SessionHandler {
    /**
     * Runs the whole session; the listener closes the connection when this returns or throws.
     *
     * @throws IOException the connection broke; not logged as an error
     */
    void serve(Connection connection) throws IOException;

    /**
     * What to tell a client that is turned away because the listener is full, with its line end; "" says nothing.
     * Not sent on implicit TLS ports.
     */
    default String busyGreeting() {
        return "";
    }
}
