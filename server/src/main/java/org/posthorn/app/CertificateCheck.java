package org.posthorn.app;

import java.time.Instant;
import java.util.List;
import org.posthorn.certificates.CertificateException;
import org.posthorn.certificates.ServerCertificates;

/** Whether the certificate files that a configuration names can be used, and by clients too. */
final class CertificateCheck {
    private CertificateCheck() {}

    /** What is wrong with them, a line each. */
    static List<String> faults(Configuration configuration, Instant now) {
        if (configuration.certificates().isEmpty()) {
            return List.of();
        }
        try {
            return ServerCertificates.read(configuration.certificates()).faults(configuration.hostname(), now);
        } catch (CertificateException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }
}
