package org.posthorn.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file could not be used, in an administrator's words: the JDK's exceptions often say no more than the path. */
public final class FileTrouble {
    private FileTrouble() {}

    /** The reason alone, such as {@code Permission denied}; the caller has named the file. */
    public static String reason(IOException trouble) {
        return switch (trouble) {
            case AccessDeniedException _ -> "Permission denied";
            case NoSuchFileException _ -> "No such file or directory";
            case FileAlreadyExistsException _ -> "there is a file of that name";
            case NotDirectoryException _ -> "Not a directory";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> String.valueOf(trouble.getMessage());
        };
    }

    /** With the remedy where the server's own file is somebody else's; any other trouble as it is. */
    public static IOException ofServer(IOException trouble) {
        return trouble instanceof FileSystemException
                        && (trouble instanceof AccessDeniedException
                                || reason(trouble).equals("Operation not permitted"))
                ? new IOException(
                        words(trouble) + "; the server's files must belong to the user that it runs as", trouble)
                : trouble;
    }

    /** The same with the path that the exception knows, for those that nobody has put into words. */
    public static String words(IOException trouble) {
        return trouble instanceof FileSystemException e && e.getFile() != null
                ? e.getFile() + ": " + reason(trouble)
                : reason(trouble);
    }
}
