package org.posthorn;

import java.util.List;
import java.util.Optional;
import org.posthorn.certificates.CertificateException;
import org.posthorn.certificates.ServerCertificates;

/** Whether the certificate files that a configuration names can be used. */
final class CertificateCheck {
    private CertificateCheck() {}

    /** What is wrong with them. */
    static Optional<String> fault(Configuration configuration) {
        try {
            configuration.certificate().ifPresent(files -> new ServerCertificates(List.of(files)));
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("tls: " + e.getMessage());
        }
    }
}
