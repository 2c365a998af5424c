package org.posthorn.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/** A path of {@link WatchedFiles}. */
final class WatchedPath implements Path {
    private final FileSystem system;
    private final Path path;

    WatchedPath(FileSystem system, Path path) {
        this.system = system;
        this.path = path;
    }

    static Path real(Path path) {
        return path instanceof WatchedPath watched ? watched.path : path;
    }

    private Path wrap(Path other) {
        return new WatchedPath(system, other);
    }

    private @Nullable Path wrapIfAny(@Nullable Path other) {
        return other == null ? null : wrap(other);
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return path.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
        return wrapIfAny(path.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
        return wrapIfAny(path.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
        return wrapIfAny(path.getParent());
    }

    @Override
    public int getNameCount() {
        return path.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return wrap(path.getName(index));
    }

    @Override
    public Path subpath(int from, int to) {
        return wrap(path.subpath(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        return path.startsWith(real(other));
    }

    @Override
    public boolean endsWith(Path other) {
        return path.endsWith(real(other));
    }

    @Override
    public Path normalize() {
        return wrap(path.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return wrap(path.resolve(real(other)));
    }

    @Override
    public Path relativize(Path other) {
        return wrap(path.relativize(real(other)));
    }

    @Override
    public URI toUri() {
        return path.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return wrap(path.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return wrap(path.toRealPath(options));
    }

    @Override
    public File toFile() {
        return path.toFile();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        return path.register(watcher, events, modifiers);
    }

    @Override
    public int compareTo(Path other) {
        return path.compareTo(real(other));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WatchedPath watched && path.equals(watched.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
