package org.posthorn.server.admin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.posthorn.log.MailLog;

/** The Unix socket that takes commands. Thread-safe; one virtual thread a request, at most {@value #MAX_CONCURRENT} at once. */
public final class AdminSocket implements Closeable {
    /** Carries a command out. */
    @FunctionalInterface
    public interface Commands {
        AdminReply run(List<String> words);
    }

    private static final int MAX_CONCURRENT = 16;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path path;
    private final ServerSocketChannel server;
    private final Commands commands;
    private final MailLog log;
    private final Semaphore slots = new Semaphore(MAX_CONCURRENT);
    private final Thread thread = Thread.ofVirtual().name("admin-socket").unstarted(this::acceptAll);

    private AdminSocket(Path path, ServerSocketChannel server, Commands commands, MailLog log) {
        this.path = path;
        this.server = server;
        this.commands = commands;
        this.log = log;
    }

    /**
     * Binds the socket with mode 0600; one that a killed server left is replaced. The caller holds the lock of the data
     * directory, so that nobody else can be listening there.
     */
    public static AdminSocket start(Path path, Commands commands, MailLog log) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Bound under a name of its own first: nobody can connect before the mode is right.
            Path unready = path.resolveSibling(path.getFileName() + ".new");
            Files.deleteIfExists(unready);
            server.bind(UnixDomainSocketAddress.of(unready));
            Files.setPosixFilePermissions(unready, PosixFilePermissions.fromString("rw-------"));
            Files.move(unready, path);
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot make the admin socket " + path + ": " + e.getMessage(), e);
        }
        AdminSocket socket = new AdminSocket(path, server, commands, log);
        socket.thread.start();
        return socket;
    }

    private void acceptAll() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                slots.acquireUninterruptibly();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException | RuntimeException e) {
                if (server.isOpen()) {
                    log.failure(MailLog.Level.WARNING, "admin", "", "accept-failed", e);
                    pause();
                }
            }
        }
    }

    /** So that a failure that stays does not fill the log. */
    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; go on.
        }
    }

    /** False where no command can be taken any more, since the thread that does it has ended. */
    public boolean alive() {
        return !server.isOpen() || thread.isAlive();
    }

    private void serve(SocketChannel client) {
        try (client;
                DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(client)));
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(client)))) {
            AdminCodec.writeReply(out, reply(request(client, in)));
        } catch (IOException | RuntimeException e) {
            log.failure(MailLog.Level.WARNING, "admin", "", "request-failed", e);
        } finally {
            slots.release();
        }
    }

    private static List<String> request(SocketChannel client, DataInputStream in) throws IOException {
        Thread watch = Thread.ofVirtual().start(() -> closeAfter(client));
        try {
            return AdminCodec.readRequest(in);
        } finally {
            watch.interrupt();
        }
    }

    private static void closeAfter(SocketChannel client) {
        try {
            Thread.sleep(PATIENCE);
            client.close();
        } catch (InterruptedException e) {
            // The request has come in time.
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private AdminReply reply(List<String> words) {
        try {
            return commands.run(words);
        } catch (RuntimeException e) {
            log.failure(MailLog.Level.ERROR, "admin", "", "command-failed", e);
            return AdminReply.failed("internal error; the log has the cause");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }

    /**
     * Sends a command to a running server.
     *
     * @throws IOException no server listens there, or it went away
     */
    public static AdminReply send(Path path, List<String> words) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
                DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)))) {
            AdminCodec.writeRequest(out, words);
            return AdminCodec.readReply(in);
        }
    }
}
