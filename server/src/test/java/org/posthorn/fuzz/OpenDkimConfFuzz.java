package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.posthorn.config.opendkim.OpenDkimPlan;
import org.posthorn.config.opendkim.OpenDkimReader;

/** OpenDKIM's configuration: the input is opendkim.conf up to a NUL, then the text of every file that it names. */
public final class OpenDkimConfFuzz {
    private OpenDkimConfFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String[] parts = new String(input, StandardCharsets.ISO_8859_1).split("\0", 2);
        Optional<String> file = parts.length > 1 ? Optional.of(parts[1]) : Optional.empty();
        for (OpenDkimPlan.Key key : OpenDkimReader.plan(parts[0], path -> file, Set.of("example.org", "a.example.org"))
                .keys()) {
            if (key.domain().contains("@") || key.domain().contains("*")) {
                throw new IllegalStateException("a key for less or more than a domain");
            }
        }
    }
}
