package org.posthorn.client.dnsprovider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a secret lies: in a file, or in a variable of the environment. Read when it is used; never part of a text. */
public sealed interface Secret {
    int MAX_SIZE = 16 * 1024;

    /**
     * In a file.
     *
     * @param path readable to its owner only, or so it should be
     */
    record InFile(Path path) implements Secret {}

    record InEnvironment(String variable) implements Secret {}

    /** The secret, without white space around it. */
    default String read() throws DnsProviderException {
        return read(System.getenv());
    }

    /** The same, with this environment. */
    default String read(Map<String, String> environment) throws DnsProviderException {
        String text = switch (this) {
            case InFile(Path path) -> contentOf(path);
            case InEnvironment(String variable) ->
                Optional.ofNullable(environment.get(variable))
                        .orElseThrow(() -> missing("the environment has no variable " + variable));
        };
        String secret = text.strip();
        if (secret.isEmpty()) {
            throw missing(this + " is empty");
        }
        return secret;
    }

    private static String contentOf(Path path) throws DnsProviderException {
        byte[] content;
        try (InputStream in = Files.newInputStream(path)) {
            content = in.readNBytes(MAX_SIZE + 1);
        } catch (IOException e) {
            throw missing("cannot read the secret in " + path + ": " + e);
        }
        if (content.length > MAX_SIZE) {
            throw missing(path + " is larger than " + MAX_SIZE + " octets: no secret");
        }
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static DnsProviderException missing(String what) {
        return new DnsProviderException(DnsProviderException.Kind.REFUSED, what);
    }
}
