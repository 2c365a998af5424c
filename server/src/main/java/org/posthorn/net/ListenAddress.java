package org.posthorn.net;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.posthorn.config.Units;

/** Where a listener listens: on a port, or in the file system for programs of the same machine. */
public sealed interface ListenAddress {
    /** A port on one address or on all. */
    record Tcp(InetSocketAddress socket) implements ListenAddress {
        @Override
        public String toString() {
            return socket.toString();
        }
    }

    /**
     * A Unix-domain socket.
     *
     * @param path absolute, of {@value #MAX_OCTETS} octets at most
     */
    record Unix(Path path) implements ListenAddress {
        /** What Linux has room for (108), less the final NUL and the mark of a socket that is not ready. */
        static final int MAX_OCTETS = 103;

        public Unix {
            if (!path.isAbsolute() || path.getFileName() == null) {
                throw new IllegalArgumentException("the path of a Unix socket begins with a slash, and names a file");
            }
            if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
                throw new IllegalArgumentException("a Unix socket's path has " + MAX_OCTETS + " octets at most");
            }
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * Reads {@code unix:/path}, in OpenDKIM's words {@code local:/path}, or an address with a port.
     *
     * @throws IllegalArgumentException for anything else
     */
    static ListenAddress parse(String text, int defaultPort) {
        for (String scheme : new String[] {"unix:", "local:"}) {
            if (text.startsWith(scheme)) {
                return new Unix(path(text.substring(scheme.length())));
            }
        }
        return new Tcp(Units.address(text, defaultPort));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a path", e);
        }
    }
}
