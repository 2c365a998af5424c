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

/** The certificates of our listeners. Thread-safe. */
public final class ServerCertificates {
    /** Sessions that may be resumed; more are not worth their memory. */
    private static final int SESSIONS = 1000;

    /** Certificates that were read and can be used. */
    public static final class Loaded {
        private final List<CertificateFiles> files;
        private final List<Identity> identities;

        private Loaded(List<CertificateFiles> files, List<Identity> identities) {
            this.files = files;
            this.identities = identities;
        }

        /**
         * What clients will find wrong with them: those that are expired or not valid yet, and that none is for the host; a line each,
         * with the file.
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
                                        ", ",
                                        new TreeSet<>(identities.getFirst().names()))));
            }
            return List.copyOf(faults);
        }
    }

    private final TlsContext context;
    private volatile Loaded current;

    public ServerCertificates(Loaded first) {
        this.current = first;
        this.context = new TlsContext(contextOf(first.identities));
    }

    /**
     * Reads files.
     *
     * @param files one or more; the first is for clients that name no host
     * @throws CertificateException when one of them cannot be used
     */
    public static Loaded read(List<CertificateFiles> files) {
        if (files.isEmpty()) {
            throw new CertificateException("no certificates");
        }
        return new Loaded(List.copyOf(files), files.stream().map(Identity::read).toList());
    }

    /** For the listeners; stays the same object over reloads. */
    public TlsContext context() {
        return context;
    }

    /** What clients find wrong with those in use, as {@link Loaded#faults}. */
    public List<String> faults(String host, Instant now) {
        return current.faults(host, now);
    }

    /** When the first of the certificates runs out. */
    public Instant expires() {
        return current.identities.stream()
                .map(Identity::expires)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** The next handshake sees these. */
    public synchronized void use(Loaded next) {
        context.replace(contextOf(next.identities));
        current = next;
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
