package org.posthorn.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/** A Unix-domain socket that listens, and its file, which goes with it when it is closed. Thread-safe. */
public final class UnixSocketFile implements Closeable {
    private final ServerSocketChannel channel;
    private final Path path;
    private final Object file;

    private UnixSocketFile(ServerSocketChannel channel, Path path, Object file) {
        this.channel = channel;
        this.path = path;
        this.file = file;
    }

    /**
     * Binds. A socket that a killed server has left is replaced.
     *
     * @throws IOException also where somebody listens there, or where the path is something else than a socket
     */
    public static UnixSocketFile bind(Path path, SocketAccess access, int backlog) throws IOException {
        removeStale(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        // Bound under a name of its own first: nobody can connect before the mode is right.
        Path unready = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.deleteIfExists(unready);
            channel.bind(UnixDomainSocketAddress.of(unready), backlog);
            access.giveTo(unready);
            Files.move(unready, path);
            return new UnixSocketFile(
                    channel,
                    path,
                    attributes(path).map(UnixSocketFile::identity).orElse(path));
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(unready);
            throw e;
        }
    }

    private static void removeStale(Path path) throws IOException {
        Optional<BasicFileAttributes> present = attributes(path);
        if (present.isEmpty()) {
            return;
        }
        // A socket is neither a file nor a folder nor a link.
        if (!present.get().isOther()) {
            throw new IOException("there is something else than a socket");
        }
        if (isAnswered(path)) {
            throw new IOException("somebody listens there");
        }
        Files.deleteIfExists(path);
    }

    private static boolean isAnswered(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Object identity(BasicFileAttributes attributes) {
        return Objects.requireNonNullElse(attributes.fileKey(), attributes.creationTime());
    }

    /** What listens. */
    public ServerSocketChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        channel.close();
        // Not that of another server which has taken the place.
        if (attributes(path).map(UnixSocketFile::identity).filter(file::equals).isPresent()) {
            Files.deleteIfExists(path);
        }
    }
}
