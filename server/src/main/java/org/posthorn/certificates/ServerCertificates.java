package org.posthorn.certificates;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.posthorn.net.TlsContext;

/** The certificates of our listeners, read once. Thread-safe. */
public final class ServerCertificates {
    /** Sessions that may be resumed; more are not worth their memory. */
    private static final int SESSIONS = 1000;

    private final List<CertificateFiles> files;
    private final List<Identity> identities;
    private final TlsContext context;

    private ServerCertificates(List<CertificateFiles> files, List<Identity> identities) {
        this.files = files;
        this.identities = identities;
        this.context = new TlsContext(contextOf(identities));
    }

    /**
     * Reads files.
     *
     * @param files one or more; the first is for clients that name no host
     * @throws CertificateException when one of them cannot be used
     */
    public static ServerCertificates read(List<CertificateFiles> files) {
        if (files.isEmpty()) {
            throw new CertificateException("no certificates");
        }
        return new ServerCertificates(
                List.copyOf(files), files.stream().map(Identity::read).toList());
    }

    /** For the listeners. */
    public TlsContext context() {
        return context;
    }

    /**
     * What clients find wrong with them: those that are expired or not valid yet, and that none is for the host; a line each, with the
     * file.
     *
     * @param host the name that this server gives itself
     */
    public List<String> faults(String host, Instant now) {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < identities.size(); i++) {
            Path chain = files.get(i).chain();
            identities.get(i).fault(now).ifPresent(fault -> faults.add(chain + ": " + fault));
        }
        if (identities.stream().noneMatch(identity -> identity.isFor(host))) {
            faults.add(files.getFirst().chain() + ": the certificate is not for " + host + " but for "
                    + (identities.getFirst().names().isEmpty()
                            ? "no DNS name at all"
                            : String.join(
                                    ", ", new TreeSet<>(identities.getFirst().names()))));
        }
        return List.copyOf(faults);
    }

    /** When the first of them runs out. */
    public Instant expires() {
        return identities.stream()
                .map(Identity::expires)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
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
