package org.posthorn.interop;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project lies. */
final class Repository {
    private Repository() {}

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("interop/peers/peers.sh"))) {
            here = here.getParent();
            if (here == null) {
                throw new IllegalStateException("not run inside the repository");
            }
        }
        return here;
    }
}
