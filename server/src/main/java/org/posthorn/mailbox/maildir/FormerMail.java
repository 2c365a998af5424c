package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.posthorn.mail.Address;

/**
 * Mail of accounts that were removed: whole trees below {@code .removed}, which no session and no delivery looks into. Who may have
 * them, and for how long, is the administrator's to say.
 */
public final class FormerMail {
    private static final String FOLDER = ".removed";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private FormerMail() {}

    /**
     * Moves an account's tree to {@code .removed/NAME-TIME}, durably. Nobody may have it open.
     *
     * @param directory of all accounts' mail
     * @return where it is now; empty where there was none
     */
    public static Optional<Path> setAside(Path directory, Address account, Instant now) throws IOException {
        String name = FolderNames.account(account);
        Path home = directory.resolve(name);
        if (Files.notExists(home, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Path removed = directory.resolve(FOLDER);
        if (Files.notExists(removed)) {
            Files.createDirectory(
                    removed, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path target = free(removed, name + "-" + TIME.format(now));
        FolderFiles.rename(home, target);
        sync(removed);
        sync(directory);
        return Optional.of(target);
    }

    private static Path free(Path removed, String name) throws IOException {
        Path target = removed.resolve(name);
        for (int i = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            if (i > 1000) {
                throw new FileAlreadyExistsException(target.toString());
            }
            target = removed.resolve(name + "-" + i);
        }
        return target;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
