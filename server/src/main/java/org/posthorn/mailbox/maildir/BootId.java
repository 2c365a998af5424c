package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who writes: tells whether what an earlier process wrote without a sync must still be there.
 *
 * @param boot the same as long as the machine has not been started again; a name of its own for this process where that is unknown
 * @param run of this process and store
 */
record BootId(String boot, String run) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    static BootId here() {
        String run = UUID.randomUUID().toString();
        try {
            return new BootId(Files.readString(BOOT_ID).strip(), run);
        } catch (IOException e) {
            return new BootId(run, run);
        }
    }
}
