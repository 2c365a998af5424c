package org.posthorn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.posthorn.config.FileTrouble;
import org.posthorn.mail.Domain;

/** What {@code /healthz} says of things that the running server does not notice by itself, a line each. */
final class Health {
    /** What a probe writes: a block, so that it needs room of its own. */
    private static final int PROBE_OCTETS = 4096;

    private Health() {}

    /**
     * Whether the directory is there.
     *
     * @param database its file; look-ups go on from memory without it, but no change is kept
     */
    static List<String> directory(Path database) {
        if (Files.notExists(database)) {
            return List.of(
                    "the directory " + database
                            + " is missing: restore it from a backup and restart, or changes and the next start find no accounts");
        }
        if (!Files.isReadable(database) || !Files.isWritable(database)) {
            return List.of("the directory " + database
                    + " cannot be opened: its file must be readable and writable to the server's user");
        }
        return List.of();
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
     * @param mail folder of the mailboxes; one that nobody has needed yet is none that fails
     */
    static List<String> mailboxes(Path mail) {
        if (Files.notExists(mail)) {
            return List.of();
        }
        try {
            Path probe = Files.createTempFile(mail, ".healthz", "");
            try {
                Files.write(probe, new byte[PROBE_OCTETS]);
            } finally {
                Files.deleteIfExists(probe);
            }
            return List.of();
        } catch (IOException e) {
            return List.of("mailboxes cannot be written in " + mail + ": " + FileTrouble.reason(e)
                    + "; mail waits in the queue until they can");
        }
    }
}
