package org.posthorn.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/**
 * A connection by a Unix-domain socket, in the form that a {@link Connection} takes. Its peer is this machine, so the address of both
 * ends is that of loopback. It knows no time limit of its own for reads: the listener ends those that are overdue.
 */
final class UnixSocket extends Socket {
    private static final SocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final SocketChannel channel;

    UnixSocket(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public InputStream getInputStream() {
        return Channels.newInputStream(channel);
    }

    @Override
    public OutputStream getOutputStream() {
        return Channels.newOutputStream(channel);
    }

    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return HERE;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return HERE;
    }

    /** Nothing is held back here. */
    @Override
    public void setTcpNoDelay(boolean on) {}

    /** Nothing lingers here. */
    @Override
    public void setSoLinger(boolean on, int seconds) {}

    @Override
    public void setSoTimeout(int milliseconds) throws SocketException {
        if (milliseconds != 0) {
            throw new SocketException("no read of a Unix socket can be tried again after a time limit");
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        var _ = channel.shutdownInput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
