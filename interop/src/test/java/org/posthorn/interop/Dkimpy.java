package org.posthorn.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** dkimpy, by the scripts of interop/peers. */
final class Dkimpy {
    /** What the keys of the peers and of us have in DNS. */
    private static final Path KEYS = Peers.DIR.resolve("dkim/keys.txt");

    private Dkimpy() {}

    /** What it says of each signature, a line each, RSA first. */
    static String signatures(String message) throws IOException {
        return signatures(message, KEYS);
    }

    /** The same, with other keys. */
    static String signatures(String message, Path keys) throws IOException {
        return judge("verify", message, keys);
    }

    /** What it says of the ARC chain. */
    static String chain(String message) throws IOException {
        return judge("arc-verify", message, KEYS);
    }

    private static String judge(String script, String message, Path keys) throws IOException {
        Path file = Files.createTempFile("message", ".eml");
        try {
            // Dovecot keeps messages with bare LF; dkimpy takes them for CRLF.
            Files.writeString(file, message, StandardCharsets.ISO_8859_1);
            return run(script, file.toString(), keys.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** Runs one of the scripts, which succeeds. */
    static String run(String script, String... arguments) {
        Tool.require("python3");
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/python3",
                Repository.root()
                        .resolve("interop/peers/dkimpy-" + script + ".py")
                        .toString()));
        command.addAll(List.of(arguments));
        return Tool.run(command).succeeded().output();
    }
}
