package org.posthorn.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A directory on disk whose syncs, moves and removals are noted in their order, so that a test can tell that nothing is said to be durable
 * before it is. Paths below {@link #root} go here; everything is passed on.
 */
public final class WatchedFiles extends FileSystemProvider {
    private final Path real;
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final FileSystem system = new Watched();
    private volatile Predicate<String> fails = event -> false;
    private volatile Consumer<Path> looked = path -> {};

    public WatchedFiles(Path directory) {
        this.real = directory;
    }

    /** The directory, watched. */
    public Path root() {
        return wrap(real);
    }

    /** What was done so far: {@code sync NAME}, {@code move NAME NAME} and {@code remove NAME}, names as seen from the directory. */
    public List<String> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** From now on such events end with an exception in place of what they would do. */
    public void failOn(Predicate<String> event) {
        fails = event;
    }

    /** From now on this is done each time after a path's attributes were read. */
    public void onLooked(Consumer<Path> action) {
        looked = action;
    }

    void note(String what, Path... paths) throws IOException {
        StringBuilder event = new StringBuilder(what);
        for (Path path : paths) {
            Path name = real.relativize(path.toAbsolutePath());
            event.append(' ').append(name.toString().isEmpty() ? "." : name);
        }
        if (fails.test(event.toString())) {
            throw new IOException("cannot " + event);
        }
        events.add(event.toString());
    }

    private Path wrap(Path path) {
        return new WatchedPath(system, path);
    }

    private static Path real(Path path) {
        return WatchedPath.real(path);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return new WatchedChannel(this, real(path), FileChannel.open(real(path), options, attributes));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return Files.newByteChannel(real(path), options, attributes);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        note("move", real(source), real(target));
        Files.move(real(source), real(target), options);
    }

    @Override
    public void delete(Path path) throws IOException {
        note("remove", real(path));
        Files.delete(real(path));
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        if (!Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        delete(path);
        return true;
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // closed by the one that is given out
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(real(directory), entry -> filter.accept(wrap(entry)));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                Iterator<Path> entries = stream.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return entries.hasNext();
                    }

                    @Override
                    public Path next() {
                        return wrap(entries.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                stream.close();
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        Files.createDirectory(real(directory), attributes);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        Files.createSymbolicLink(real(link), real(target), attributes);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        Files.createLink(real(link), real(existing));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        Files.copy(real(source), real(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return Files.isSameFile(real(path), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return Files.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return Files.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real.getFileSystem().provider().checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return Files.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        A attributes = Files.readAttributes(real(path), type, options);
        looked.accept(real(path));
        return attributes;
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return Files.readAttributes(real(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        Files.setAttribute(real(path), attribute, value, options);
    }

    @Override
    public String getScheme() {
        return "watched";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    private final class Watched extends FileSystem {
        private FileSystem disk() {
            return real.getFileSystem();
        }

        @Override
        public FileSystemProvider provider() {
            return WatchedFiles.this;
        }

        @Override
        public void close() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return disk().getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return disk().getRootDirectories();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return disk().getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return disk().supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return wrap(disk().getPath(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            PathMatcher matcher = disk().getPathMatcher(pattern);
            return path -> matcher.matches(real(path));
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return disk().getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() throws IOException {
            return disk().newWatchService();
        }
    }
}
