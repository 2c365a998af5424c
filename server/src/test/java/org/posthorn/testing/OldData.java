package org.posthorn.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Data directories as earlier builds have left them when they were killed, each named by its commit: the account a@example.test with the
 * password pw123456, and a queue of three messages, of which one is partly delivered and one lies in a file.
 */
public final class OldData {
    private OldData() {}

    /** Unpacks a build's data into an empty directory. */
    public static void unpack(String build, Path to) throws IOException {
        try (InputStream in = Objects.requireNonNull(OldData.class.getResourceAsStream("/data/" + build + ".zip"));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = to.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.resolveSibling("."));
                    Files.copy(zip, path);
                }
            }
        }
    }
}
