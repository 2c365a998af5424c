package org.posthorn.server.http;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Hands connections to Jetty that were accepted elsewhere, of ports and Unix sockets alike, so that Jetty need not be there before the
 * first. Thread-safe.
 */
final class AcceptedConnector extends AbstractConnector {
    private final Deadlines deadlines;
    private final SelectorManager selectors;

    AcceptedConnector(Server server, HttpConnectionFactory protocol, Deadlines deadlines) {
        super(server, server.getThreadPool(), server.getScheduler(), server.getByteBufferPool(), 0, protocol);
        this.deadlines = deadlines;
        selectors = new Selectors(server);
        installBean(selectors, true);
    }

    /** A connection with what answers on it. */
    static final class Client extends SocketChannelEndPoint {
        private final Deadlines deadlines;
        private final Arrival arrival;

        private Client(
                SocketChannel channel,
                ManagedSelector selector,
                SelectionKey key,
                Scheduler scheduler,
                Deadlines deadlines,
                Arrival arrival) {
            super(channel, selector, key, scheduler);
            this.deadlines = deadlines;
            this.arrival = arrival;
        }

        HttpHandler handler() {
            return arrival.handler();
        }

        @Override
        public void onOpen() {
            super.onOpen();
            deadlines.begin(this);
        }

        @Override
        public void onClose(@Nullable Throwable cause) {
            deadlines.end(this);
            arrival.gone().run();
            super.onClose(cause);
        }
    }

    /** A connection that has come, and what is done once when it has gone. */
    record Arrival(HttpHandler handler, Runnable gone) {}

    void serve(SocketChannel channel, Arrival arrival) throws IOException {
        channel.configureBlocking(false);
        selectors.accept(channel, arrival);
    }

    private final class Selectors extends SelectorManager {
        Selectors(Server server) {
            super(server.getThreadPool(), server.getScheduler(), 1);
        }

        @Override
        protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            Client client = new Client(
                    (SocketChannel) channel, selector, key, getScheduler(), deadlines, (Arrival) key.attachment());
            client.setIdleTimeout(getIdleTimeout());
            return client;
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint client, Object arrival) {
            return getDefaultConnectionFactory().newConnection(AcceptedConnector.this, client);
        }

        @Override
        protected void endPointOpened(EndPoint client) {
            super.endPointOpened(client);
            onEndPointOpened(client);
        }

        @Override
        protected void endPointClosed(EndPoint client) {
            onEndPointClosed(client);
            super.endPointClosed(client);
        }

        @Override
        protected void onAcceptFailed(SelectableChannel channel, Throwable failure, Object arrival) {
            ((Arrival) arrival).gone().run();
        }
    }

    @Override
    protected void accept(int acceptor) {
        throw new IllegalStateException("there is no acceptor");
    }

    @Override
    public @Nullable Object getTransport() {
        return null;
    }
}
