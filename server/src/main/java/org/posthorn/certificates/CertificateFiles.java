package org.posthorn.certificates;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.posthorn.config.Section;

/**
 * Where a certificate lies.
 *
 * @param chain PEM: the server's certificate first, then those between it and the authority
 * @param key PEM: its private key without a passphrase, RSA, EC or Ed25519; may be the same file
 */
public record CertificateFiles(Path chain, Path key) {

    /** Reads {@code [tls]}: a file or a list of as many in each of its keys; none by default. */
    public static List<CertificateFiles> read(Section tls) {
        List<Path> chains = tls.files("certificate");
        List<Path> keys = tls.files("key");
        if (tls.has("certificate") != tls.has("key")) {
            tls.complain(tls.has("certificate") ? "key" : "certificate", "is missing: give both files or neither");
        } else if (chains.size() != keys.size()) {
            tls.complain(
                    "key",
                    "has " + keys.size() + " files and tls.certificate " + chains.size()
                            + ": give each certificate its key, in the same order");
        }
        return IntStream.range(0, Math.min(chains.size(), keys.size()))
                .mapToObj(i -> new CertificateFiles(chains.get(i), keys.get(i)))
                .toList();
    }
}
