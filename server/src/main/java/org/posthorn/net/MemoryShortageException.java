package org.posthorn.net;

import java.io.IOException;

/** There is no memory left for what a client sends: the session says so in its protocol's words, for the time being, and ends. */
public final class MemoryShortageException extends IOException {
    private static final long serialVersionUID = 1;

    MemoryShortageException() {
        super("short of memory");
    }
}
