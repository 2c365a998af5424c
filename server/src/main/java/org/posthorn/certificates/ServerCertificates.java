package org.posthorn.certificates;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.posthorn.net.TlsContext;

/** The certificates of our listeners. Thread-safe. */
public final class ServerCertificates {
    /** Sessions that may be resumed; more are not worth their memory. */
    private static final int SESSIONS = 1000;

    private final List<CertificateFiles> files;
    private final TlsContext context;
    private volatile List<Identity> identities;

    /**
     * Reads the files.
     *
     * @param files one or more; the first is for clients that name no host
     * @throws CertificateException when one of them cannot be used
     */
    public ServerCertificates(List<CertificateFiles> files) {
        if (files.isEmpty()) {
            throw new CertificateException("no certificates");
        }
        this.files = List.copyOf(files);
        this.identities = this.files.stream().map(Identity::read).toList();
        this.context = new TlsContext(contextOf(identities));
    }

    /** For the listeners; stays the same object over reloads. */
    public TlsContext context() {
        return context;
    }

    /** When the first of the certificates runs out. */
    public Instant expires() {
        return identities.stream()
                .map(Identity::expires)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /**
     * Reads the files again; the next handshake sees what they hold now.
     *
     * @throws CertificateException when one of them cannot be used; then all stay as they were
     */
    public synchronized void reload() {
        List<Identity> read = files.stream().map(Identity::read).toList();
        context.replace(contextOf(read));
        identities = read;
    }

    private static SSLContext contextOf(List<Identity> identities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // We ask clients for no certificates; with no trust managers the JDK need not read its store of
            // authorities.
            context.init(new KeyManager[] {new SniKeys(identities)}, new TrustManager[0], null);
            context.getServerSessionContext().setSessionCacheSize(SESSIONS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }
}
