package org.posthorn.net;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** A server's socket whose connections are {@link PromptSocket}s. */
final class PromptServerSocket extends ServerSocket {
    PromptServerSocket() throws IOException {}

    @Override
    public Socket accept() throws IOException {
        PromptSocket socket = new PromptSocket();
        implAccept(socket);
        return socket;
    }
}
