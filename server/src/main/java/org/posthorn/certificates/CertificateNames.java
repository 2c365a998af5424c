package org.posthorn.certificates;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The names that certificates are for. */
final class CertificateNames {
    private CertificateNames() {}

    static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    }

    /** A DNS name in lower case, or an IP address in the one form that Java gives it. */
    static String canonical(String name) {
        return isAddress(name) ? InetAddress.ofLiteral(name).getHostAddress() : name.toLowerCase(Locale.ROOT);
    }

    /** The DNS names and the IP addresses of a certificate, canonical. */
    static List<String> alternativeNames(Identity identity) {
        try {
            Collection<List<?>> names = identity.chain().getFirst().getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .map(name -> canonical(String.valueOf(name.get(1))))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
