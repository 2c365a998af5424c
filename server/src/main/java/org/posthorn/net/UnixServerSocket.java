package org.posthorn.net;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** A {@link UnixSocketFile} in the form that a {@link Listener} takes. Thread-safe. */
final class UnixServerSocket extends ServerSocket {
    private final UnixSocketFile file;

    /** It is closed with this. */
    UnixServerSocket(UnixSocketFile file) throws IOException {
        this.file = file;
    }

    @Override
    public Socket accept() throws IOException {
        return new UnixSocket(file.channel().accept());
    }

    /** Unix sockets have none. */
    @Override
    public int getLocalPort() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
