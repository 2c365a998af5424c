package org.posthorn.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The test vectors of other projects. They lie outside the checkout, in the folder that {@code POSTHORN_CONFORMANCE}
 * names or else in {@code ../shared/conformance} beside the repository root, and are never copied into it.
 */
public final class Conformance {
    private Conformance() {}

    /**
     * The folder of a suite, e.g. {@code imap-imaptest}. Where it is absent the test is reported as skipped, by the
     * suite's name; where the environment has {@code CI=true} it fails, since nothing may be absent there.
     */
    public static Path require(String suite) {
        return require(suite, System.getenv(), Checkout.root());
    }

    static Path require(String suite, Map<String, String> environment, Path root) {
        String named = environment.getOrDefault("POSTHORN_CONFORMANCE", "");
        Path folder = named.isEmpty() ? root.resolveSibling("shared").resolve("conformance") : Path.of(named);
        Path vectors = folder.resolve(suite);
        if (Files.isDirectory(vectors)) {
            return vectors;
        }
        String absent = "test vectors " + suite + " are absent (no folder " + vectors
                + "; POSTHORN_CONFORMANCE names the folder of all suites)";
        return "true".equals(environment.get("CI")) ? fail(absent) : abort(absent);
    }
}
