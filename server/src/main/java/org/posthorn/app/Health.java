package org.posthorn.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.config.FileTrouble;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyFile;

/** What {@code /healthz} says of things that the running server does not notice by itself, a line each. */
final class Health {
    /** What a probe writes: a block, so that it needs room of its own. */
    private static final int PROBE_OCTETS = 4096;

    private Health() {}

    /** What each SQLite file begins with. */
    private static final byte[] DATABASE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Whether the directory is there and whole as far as its first octets tell.
     *
     * @param database its file; look-ups go on from memory without it, but no change is kept
     */
    static List<String> directory(Path database) {
        return database("the directory", database, "find no accounts");
    }

    /** The same of the states of signing keys. */
    static List<String> keyStates(Path database) {
        return database("the states of DKIM keys", database, "have no keys to sign with");
    }

    /**
     * Domains whose mail is not signed and will not be, for nothing is known of any key of theirs: they are made with a domain.
     *
     * @param domains without keys
     */
    static List<String> withoutKeys(Stream<Domain> domains) {
        return domains.map(domain -> "the domain " + domain + " has no DKIM keys, its mail goes out unsigned:"
                        + " restore dkim.db and dkim/ from a backup, or make new ones with `posthorn dkim rotate "
                        + domain + "`")
                .toList();
    }

    /** @param loss what changes and the next start do without it */
    private static List<String> database(String what, Path database, String loss) {
        try (InputStream in = Files.newInputStream(database)) {
            if (!Arrays.equals(in.readNBytes(DATABASE.length), DATABASE)) {
                return List.of(what + " " + database
                        + " is damaged: restore it from a backup and restart, or changes and the next start fail");
            }
        } catch (NoSuchFileException e) {
            return List.of(what + " " + database
                    + " is missing: restore it from a backup and restart, or changes and the next start " + loss);
        } catch (IOException e) {
            return List.of(what + " " + database + " cannot be read: " + FileTrouble.reason(e)
                    + "; its file must be readable and writable to the server's user");
        }
        return Files.isWritable(database)
                ? List.of()
                : List.of(
                        what + " " + database
                                + " cannot be written: it must be writable to the server's user, and its file system not read-only");
    }

    /**
     * Whether all keys that sign can be read.
     *
     * @param keys of each of our domains
     */
    static List<String> signingKeys(Stream<DkimKeyFile> keys) {
        return keys.filter(key -> !Files.isReadable(key.privateKey()))
                .map(key -> "the DKIM key " + key.privateKey() + " of " + key.domain()
                        + " is missing or not readable to the server's user; mail goes out without its signature, or is"
                        + " refused with 451 where no other key is left")
                .distinct()
                .toList();
    }

    /** Whether there is anybody whose mail we could take. */
    static List<String> domains(List<Domain> ours) {
        return ours.isEmpty()
                ? List.of("there is no domain: mail is answered with 451 and the queue waits; `posthorn domain add`,"
                        + " or restore directory.db")
                : List.of();
    }

    /**
     * Whether mail can be written, by writing a block and deleting it.
     *
     * @param mail folder of the mailboxes, which the start has made
     */
    static List<String> mailboxes(Path mail) {
        return written(mail)
                .map(reason -> "mailboxes cannot be written in " + mail + ": " + reason
                        + "; mail waits in the queue until they can")
                .stream()
                .toList();
    }

    /** Whether mail can be accepted, in the same way. */
    static List<String> spool(Path directory) {
        return written(directory)
                .map(reason -> "the spool " + directory + " cannot be written: " + reason
                        + "; mail is refused with 452 until it can")
                .stream()
                .toList();
    }

    /** Why a block cannot be written there. */
    private static Optional<String> written(Path directory) {
        try {
            Path probe = Files.createTempFile(directory, ".healthz", "");
            try {
                Files.write(probe, new byte[PROBE_OCTETS]);
            } finally {
                Files.deleteIfExists(probe);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(FileTrouble.reason(e));
        }
    }
}
