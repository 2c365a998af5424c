package org.posthorn.server.http;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.posthorn.log.MailLog;

/** Reads requests from connections and writes answers: a started Jetty without ports. Thread-safe. */
final class Jetty {
    private static final int HEADER = 8 << 10;
    private static final int BUFFER = 8 << 10;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final MailLog log;
    private final Server server;
    private final Deadlines deadlines;
    private final AcceptedConnector connector;

    private Jetty(MailLog log, HttpTimes times) {
        this.log = log;
        QueuedThreadPool threads = new QueuedThreadPool(8, 1);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        // The pool's own threads wait for connections; each request has a virtual one.
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("http-timer", true);
        server = new Server(threads, scheduler, new ByteBufferPool.NonPooling());
        deadlines = new Deadlines(scheduler, times.request());
        connector = new AcceptedConnector(server, protocol(), deadlines);
        connector.setIdleTimeout(times.answer().toMillis());
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                serve(request, response, callback);
                return true;
            }
        });
    }

    private static HttpConnectionFactory protocol() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setPersistentConnectionsEnabled(false);
        configuration.setRequestHeaderSize(HEADER);
        configuration.setOutputBufferSize(BUFFER);
        configuration.setUseInputDirectByteBuffers(false);
        configuration.setUseOutputDirectByteBuffers(false);
        // Where a client of HTTP/1.0 names no host, Jetty would take the path of a Unix socket for one.
        configuration.setServerAuthority(new HostPort("localhost"));
        // No path here names a file, and the names of mailboxes may have any character.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        HttpConnectionFactory factory = new HttpConnectionFactory(configuration);
        factory.setInputBufferSize(BUFFER);
        return factory;
    }

    static Jetty start(MailLog log, HttpTimes times) throws IOException {
        Jetty jetty = new Jetty(log, times);
        try {
            jetty.server.start();
            return jetty;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot serve HTTP: " + e.getMessage(), e);
        }
    }

    void serve(SocketChannel channel, AcceptedConnector.Arrival arrival) throws IOException {
        connector.serve(channel, arrival);
    }

    private void serve(Request request, Response response, Callback callback) {
        AcceptedConnector.Client client = (AcceptedConnector.Client)
                request.getConnectionMetaData().getConnection().getEndPoint();
        deadlines.end(client);
        // The handler takes the time it needs; only a client that does not take the answer is cut.
        request.addIdleTimeoutListener(_ -> false);
        try {
            answer(new Exchange(request, response, deadlines), client.handler());
            callback.succeeded();
        } catch (IOException e) {
            log.failure(MailLog.Level.WARNING, "http", "", "request-failed", e);
            callback.failed(e);
        }
    }

    private void answer(Exchange exchange, HttpHandler handler) throws IOException {
        try {
            handler.handle(exchange);
        } catch (BadRequestException e) {
            exchange.answer(e.status(), TEXT, e.getMessage() + "\n");
        } catch (RuntimeException e) {
            log.failure(MailLog.Level.ERROR, "http", "", "request-failed", e);
            if (exchange.begun()) {
                throw new IOException("the answer broke off", e);
            }
            exchange.answer(500, TEXT, "internal error; the log has the cause\n");
        }
    }

    boolean alive() {
        return server.isRunning();
    }

    void stop() throws IOException {
        try {
            server.stop();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("HTTP does not stop: " + e.getMessage(), e);
        }
    }
}
