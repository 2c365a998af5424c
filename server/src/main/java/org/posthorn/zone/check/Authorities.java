package org.posthorn.zone.check;

import java.util.Map;
import java.util.Optional;

/** By which names in CAA records the authorities go that most certificates are from. */
final class Authorities {
    /** From the organization in the issuer's name to the domain in its certification practice statement. */
    private static final Map<String, String> DOMAINS = Map.of(
            "Let's Encrypt", "letsencrypt.org",
            "ZeroSSL", "sectigo.com",
            "Sectigo", "sectigo.com",
            "DigiCert", "digicert.com",
            "Google Trust Services", "pki.goog",
            "GlobalSign", "globalsign.com",
            "Buypass", "buypass.com",
            "Actalis", "actalis.it",
            "Entrust", "entrust.net",
            "SSL Corp", "ssl.com");

    private Authorities() {}

    /** @param issuer distinguished name (RFC 2253) of a certificate's issuer; empty for an authority that is not known here */
    static Optional<String> domain(String issuer) {
        return DOMAINS.entrySet().stream()
                .filter(entry -> issuer.contains("O=" + entry.getKey()) || issuer.contains("O=\"" + entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
