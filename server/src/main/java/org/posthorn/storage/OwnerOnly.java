package org.posthorn.storage;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Keeps files to their owner: mail is nobody else's business. */
public final class OwnerOnly {
    private static final int MASK = 0077;
    /** As packages have it, with a group of the server's own. */
    private static final Set<PosixFilePermission> MOST = PosixFilePermissions.fromString("rwxr-x---");

    /** What the common umask of 0022 made of files and directories. */
    private static final Set<Set<PosixFilePermission>> OPEN =
            Set.of(PosixFilePermissions.fromString("rwxr-xr-x"), PosixFilePermissions.fromString("rw-r--r--"));

    private OwnerOnly() {}

    /**
     * Makes every file of this process from now on 0600 and every directory 0700, whatever umask it was started with. Who wants others
     * to see a file sets its mode.
     *
     * @throws IOException the system has no umask(2)
     */
    public static void byDefault() throws IOException {
        try {
            Linker linker = Linker.nativeLinker();
            MethodHandle umask = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("umask"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int _ = (int) umask.invokeExact(MASK);
        } catch (Throwable e) {
            throw new IOException("the umask cannot be set: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a directory that others than the owner's group can read or enter, or that the group can write in. One that lies below a
     * directory which lets nobody in is fine. What earlier builds have left open in it for everybody is closed for the group too.
     *
     * @throws IOException with the remedy
     */
    public static void require(Path directory) throws IOException {
        require(directory, MOST);
    }

    /**
     * The same for mailboxes that lie elsewhere. Their group may do what it likes: who gave them a place of their own may share them
     * with other programs.
     *
     * @throws IOException with the remedy
     */
    public static void requireOfMailboxes(Path directory) throws IOException {
        require(directory, PosixFilePermissions.fromString("rwxrwx---"));
    }

    private static void require(Path directory, Set<PosixFilePermission> most) throws IOException {
        Path real = directory.toRealPath();
        if (!most.containsAll(Files.getPosixFilePermissions(real)) && !isBelowClosed(real)) {
            throw new IOException(directory + " can be read, entered or written by others ("
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(real))
                    + "), and all mail lies there: chmod 700 " + directory);
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(real)) {
            for (Path file : files) {
                if (!Files.isSymbolicLink(file) && OPEN.contains(Files.getPosixFilePermissions(file))) {
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwx------" : "rw-------"));
                }
            }
        }
    }

    /**
     * Refuses the directory of another user. Root above all would leave files there that the server's own user cannot open: one look at
     * the queue while the server is down, and it starts no more.
     *
     * @param sign a file in it that whoever uses it has made; without it the owner of the directory counts
     * @throws IOException with the remedy
     */
    public static void requireOwn(Path directory, Path sign) throws IOException {
        requireOwn(directory, sign, effectiveUser());
    }

    static void requireOwn(Path directory, Path sign, int user) throws IOException {
        Path asked = Files.exists(sign) ? sign : directory;
        if (!Files.getAttribute(asked, "unix:uid").equals(user)) {
            String owner = Files.getOwner(asked).getName();
            throw new IOException(directory + " is used by the user " + owner + ", who could not open what "
                    + System.getProperty("user.name") + " makes there: run this as that user (sudo -u " + owner
                    + "), or give all of the directory to " + System.getProperty("user.name") + " (chown -R)");
        }
    }

    /** geteuid(2): whose the files are that we make. */
    private static int effectiveUser() throws IOException {
        try {
            Linker linker = Linker.nativeLinker();
            return (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("geteuid"), FunctionDescriptor.of(ValueLayout.JAVA_INT))
                    .invokeExact();
        } catch (Throwable e) {
            throw new IOException("the system does not say who runs this: " + e.getMessage(), e);
        }
    }

    private static boolean isBelowClosed(Path directory) throws IOException {
        for (Path above = directory.getParent(); above != null; above = above.getParent()) {
            Set<PosixFilePermission> modes = Files.getPosixFilePermissions(above);
            if (!modes.contains(PosixFilePermission.GROUP_EXECUTE)
                    && !modes.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return true;
            }
        }
        return false;
    }
}
