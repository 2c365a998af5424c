package org.posthorn.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.config.FileTrouble;
import org.posthorn.config.pem.PemException;
import org.posthorn.config.pem.PrivateKeys;

/**
 * A certificate with its chain and its private key.
 *
 * @param chain the server's own certificate first
 * @param names the DNS names it is for, in lower case, wildcards included
 */
public record Identity(List<X509Certificate> chain, PrivateKey key, Set<String> names) {
    private static final int DNS_NAME = 2;

    public Identity {
        chain = List.copyOf(chain);
        names = Set.copyOf(names);
    }

    /**
     * Reads the files with the JDK alone.
     *
     * @throws CertificateException when a file cannot be read, is no PEM, or key and certificate do not belong together
     */
    public static Identity read(CertificateFiles files) {
        Identity identity = readUnchecked(files);
        if (!belongTogether(identity.key(), identity.chain().getFirst().getPublicKey())) {
            throw new CertificateException(
                    files.key() + " is not the key of the first certificate in " + files.chain());
        }
        return identity;
    }

    /** As {@link #read}, without trying whether key and certificate belong together, which costs time at start. */
    static Identity readUnchecked(CertificateFiles files) {
        List<X509Certificate> chain = readChain(files.chain());
        PrivateKey key;
        try {
            key = PrivateKeys.parse(text(files.key()));
        } catch (PemException e) {
            throw new CertificateException(files.key() + ": " + e.getMessage(), e);
        }
        return new Identity(chain, key, namesOf(chain.getFirst()));
    }

    /** The certificates of a PEM file, at least one. */
    public static List<X509Certificate> readChain(Path file) {
        String text = text(file);
        int begin = text.indexOf("-----BEGIN CERTIFICATE-----");
        if (begin < 0) {
            throw new CertificateException(file + ": no certificate (PEM)");
        }
        // The file may hold the key too, which the factory does not understand.
        StringBuilder certificates = new StringBuilder();
        while (begin >= 0) {
            int end = text.indexOf("-----END CERTIFICATE-----", begin);
            if (end < 0) {
                throw new CertificateException(file + ": a certificate has no end line");
            }
            certificates.append(text, begin, end).append("-----END CERTIFICATE-----\n");
            begin = text.indexOf("-----BEGIN CERTIFICATE-----", end);
        }
        try {
            Collection<? extends Certificate> parsed = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(certificates.toString().getBytes(StandardCharsets.ISO_8859_1)));
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : parsed) {
                chain.add((X509Certificate) certificate);
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new CertificateException(file + ": not a certificate: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new CertificateException("cannot read " + file + ": " + FileTrouble.reason(e), e);
        }
    }

    /** Signs something and sees whether the certificate verifies it. */
    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(certified.getEncoded());
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(certified.getEncoded());
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Set<String> namesOf(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.get(0).equals(DNS_NAME)) {
                        names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (java.security.cert.CertificateParsingException e) {
            throw new CertificateException("the certificate's names cannot be read: " + e.getMessage(), e);
        }
        return names;
    }

    /** Whether the certificate is for this host: by its name, or by a wildcard in place of the first label (RFC 9525 6.3). */
    public boolean isFor(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }

    /** What makes clients turn away from it now, in words; the files are named by the caller. */
    Optional<String> fault(Instant now) {
        for (X509Certificate certificate : chain) {
            String whose = certificate.equals(chain.getFirst())
                    ? "the certificate"
                    : "the chain's certificate of "
                            + certificate.getSubjectX500Principal().getName();
            if (now.isAfter(certificate.getNotAfter().toInstant())) {
                return Optional.of(
                        whose + " expired at " + certificate.getNotAfter().toInstant());
            }
            if (now.isBefore(certificate.getNotBefore().toInstant())) {
                return Optional.of(whose + " is not valid before "
                        + certificate.getNotBefore().toInstant() + "; is the clock of this machine right?");
            }
        }
        return Optional.empty();
    }

    /** When the first certificate of the chain runs out. */
    public Instant expires() {
        Instant first = Instant.MAX;
        for (X509Certificate certificate : chain) {
            Instant end = certificate.getNotAfter().toInstant();
            first = end.isBefore(first) ? end : first;
        }
        return first;
    }
}
