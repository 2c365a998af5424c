package org.posthorn.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Test vectors made by others, which lie beside the repository or where POSTHORN_CONFORMANCE points. */
final class Conformance {
    private Conformance() {}

    /** The folder of a suite; skips the calling test by the suite's name where it is absent, and fails it in CI. */
    static Path require(String suite) {
        Path base = Optional.ofNullable(System.getenv("POSTHORN_CONFORMANCE"))
                .map(Path::of)
                .orElseGet(() -> Repository.root().resolveSibling("shared").resolve("conformance"));
        boolean there = Files.isDirectory(base.resolve(suite));
        if (!there && System.getenv("CI") != null) {
            throw new AssertionError("vectors " + suite + " are not in " + base + "; in CI nothing may be absent");
        }
        assumeTrue(there, "vectors " + suite + " are absent");
        return base.resolve(suite);
    }
}
