package org.posthorn.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.posthorn.net.Connection;
import org.posthorn.net.Listener;

/** Keeps what a session must never do: end with an exception that is a defect of ours. */
public final class QuietObserver implements Listener.Observer {
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();

    public List<Throwable> defects() {
        return defects;
    }

    @Override
    public void accepted(Listener.Settings listener, Connection connection) {}

    @Override
    public void refused(Listener.Settings listener, InetAddress client, String reason) {}

    @Override
    public void handshakeFailed(Listener.Settings listener, Connection connection, IOException cause) {}

    @Override
    public void sessionFailed(Listener.Settings listener, Connection connection, Throwable cause) {
        defects.add(cause);
    }

    @Override
    public void closed(Listener.Settings listener, Connection connection) {}

    @Override
    public void acceptFailed(Listener.Settings listener, Exception cause) {}
}
