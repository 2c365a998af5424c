package org.posthorn.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that the tests run in. */
public final class Checkout {
    private Checkout() {}

    /** The repository root: the nearest folder upwards that holds the launcher and the Maven wrapper. */
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("posthorn")) && Files.isRegularFile(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "not inside a checkout of Posthorn: " + Path.of("").toAbsolutePath());
    }
}
