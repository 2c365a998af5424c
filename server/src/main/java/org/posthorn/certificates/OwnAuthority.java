package org.posthorn.certificates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;

/**
 * A certificate authority of our own and a server certificate signed by it, for demonstrations and tests: {@code ca.pem} to
 * be trusted by clients, {@code ca-key.pem}, {@code cert.pem} and {@code key.pem}, the keys with mode 0600. What is there
 * and good is used again, so that clients need to trust the authority once only.
 */
public final class OwnAuthority {
    /** A certificate is renewed when it has less than this left. */
    private static final Duration RENEWAL = Duration.ofDays(30);

    private final Path folder;
    private final InstantSource clock;

    /** @param folder for the four files; made when it is not there */
    public OwnAuthority(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** The certificate of the authority. */
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /** The chain of the server certificate, where there is one. */
    public Path certificate() {
        return folder.resolve("cert.pem");
    }

    /**
     * A server certificate for these DNS names and IP addresses, made or renewed if need be.
     *
     * @throws CertificateException when the files cannot be written
     */
    public CertificateFiles certificateFor(List<String> names) {
        CertificateFiles own = new CertificateFiles(certificate(), folder.resolve("key.pem"));
        try {
            Files.createDirectories(folder);
            CertificateFiles authority = new CertificateFiles(authority(), folder.resolve("ca-key.pem"));
            boolean known = isGood(authority, List.of());
            if (!known) {
                CertificateMaker.makeAuthority(authority, clock.instant());
            }
            if (!known || !isGood(own, names) || !signedBy(own, authority)) {
                CertificateMaker.makeCertificate(own, authority, names, clock.instant());
            }
            return own;
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException("cannot make certificates in " + folder + ": " + e, e);
        }
    }

    private boolean isGood(CertificateFiles files, List<String> names) {
        if (Files.notExists(files.chain()) || Files.notExists(files.key())) {
            return false;
        }
        try {
            Identity identity = Identity.readUnchecked(files);
            Instant now = clock.instant();
            return identity.expires().isAfter(now.plus(RENEWAL))
                    && new HashSet<>(CertificateNames.alternativeNames(identity))
                            .containsAll(names.stream()
                                    .map(CertificateNames::canonical)
                                    .toList());
        } catch (CertificateException e) {
            if (e.getCause() instanceof IOException) {
                // Not ours to read at present. With another authority in its place no client would trust us any more.
                throw e;
            }
            // Whatever is wrong with them: they are ours to replace.
            return false;
        }
    }

    /** Our certificates come with that of their authority; comparing them is cheaper than verifying a signature. */
    private static boolean signedBy(CertificateFiles own, CertificateFiles authority) {
        return Identity.readChain(own.chain())
                .getLast()
                .equals(Identity.readChain(authority.chain()).getFirst());
    }
}
