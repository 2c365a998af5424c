package org.posthorn.certificates;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS contexts for us as a client that verifies its servers. */
public final class TrustedAuthorities {
    private TrustedAuthorities() {}

    /**
     * Trusts the authorities of a PEM file, and no others.
     *
     * @throws CertificateException when the file cannot be used
     */
    public static SSLContext of(Path file) {
        List<X509Certificate> authorities = Identity.readChain(file);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority" + i, authorities.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException(file + ": cannot be trusted: " + e.getMessage(), e);
        }
    }
}
