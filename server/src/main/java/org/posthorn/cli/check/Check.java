package org.posthorn.cli.check;

import java.io.IOException;
import java.time.Instant;
import org.posthorn.dns.Resolver;
import org.posthorn.json.JsonObject;

/** Answers one question, of a command line or of a batch. */
@FunctionalInterface
interface Check {
    /**
     * Checks.
     *
     * @param question the options by their names without hyphens
     * @throws IllegalArgumentException for a question that cannot be understood
     * @throws IOException for files that cannot be read
     */
    CheckResult check(JsonObject question, Resolver resolver, Instant now) throws IOException;
}
