package org.posthorn.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes many files durable at once with syncfs(2), where the system has it (Linux; since 5.8 it also reports write-back
 * errors). The calls run on a platform thread, so that no carrier of virtual threads is held.
 */
public final class FileSystemSync {
    private static final int O_RDONLY = 0;
    private static final Optional<Calls> CALLS = Calls.find();

    private FileSystemSync() {}

    /** Whether {@link #sync} can work here. */
    public static boolean available() {
        return CALLS.isPresent();
    }

    /**
     * Puts everything written so far to the file system that holds a path on stable storage, whoever wrote it.
     *
     * @throws IOException the sync failed, or there is no such call here: use {@link #syncEach}
     */
    public static void sync(Path path) throws IOException {
        Calls calls = CALLS.orElseThrow(() -> new IOException("no syncfs on this system"));
        onPlatformThread(() -> {
            calls.syncFileSystemOf(path);
            return true;
        });
    }

    /** Syncs file by file, then each directory in which they lie; a file that has gone meanwhile is passed over. */
    public static void syncEach(Collection<Path> files, Collection<Path> directories) throws IOException {
        onPlatformThread(() -> {
            for (Path file : files) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    channel.force(true);
                } catch (NoSuchFileException e) {
                    // Moved or removed by its owner: the directory's sync covers that.
                }
            }
            for (Path directory : directories) {
                if (Files.isDirectory(directory)) {
                    AtomicFiles.syncDirectory(directory);
                }
            }
            return true;
        });
    }

    private static void onPlatformThread(Callable<Boolean> work) throws IOException {
        try {
            if (!Thread.currentThread().isVirtual()) {
                work.call();
                return;
            }
            FutureTask<Boolean> task = new FutureTask<>(work);
            Thread.ofPlatform().daemon().name("file-system-sync").start(task);
            task.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** The C library's functions. */
    private record Calls(
            MethodHandle open, MethodHandle syncfs, MethodHandle close, VarHandle errno, StructLayout state) {
        static Optional<Calls> find() {
            try {
                Linker linker = Linker.nativeLinker();
                SymbolLookup library = linker.defaultLookup();
                StructLayout state = Linker.Option.captureStateLayout();
                Linker.Option errno = Linker.Option.captureCallState("errno");
                MethodHandle open = linker.downcallHandle(
                        library.findOrThrow("open"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                        errno,
                        Linker.Option.firstVariadicArg(2));
                FunctionDescriptor ofDescriptor = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
                MethodHandle syncfs = linker.downcallHandle(library.findOrThrow("syncfs"), ofDescriptor, errno);
                MethodHandle close = linker.downcallHandle(library.findOrThrow("close"), ofDescriptor);
                VarHandle number = state.varHandle(MemoryLayout.PathElement.groupElement("errno"));
                return Optional.of(new Calls(open, syncfs, close, number, state));
            } catch (RuntimeException | LinkageError e) {
                return Optional.empty();
            }
        }

        void syncFileSystemOf(Path path) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment captured = arena.allocate(state);
                int descriptor = (int) open.invokeExact(
                        captured, arena.allocateFrom(path.toAbsolutePath().toString()), O_RDONLY);
                if (descriptor < 0) {
                    throw new IOException("cannot open " + path + ": errno " + (int) errno.get(captured, 0L));
                }
                int result = (int) syncfs.invokeExact(captured, descriptor);
                int failure = (int) errno.get(captured, 0L);
                int ignored = (int) close.invokeExact(descriptor);
                if (result != 0) {
                    throw new IOException("syncfs of " + path + " failed: errno " + failure);
                }
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException(e);
            }
        }
    }
}
