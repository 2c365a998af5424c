package org.posthorn.client.smtp;

import java.net.InetAddress;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Locale;
import java.util.Optional;

/**
 * How asking for TLS went at one connection, in the words of RFC 8460 4.3.
 *
 * @param local the address that we connected from
 * @param failure empty: TLS stands as it was demanded
 */
public record TlsOutcome(InetAddress local, Optional<Failure> failure) {
    /**
     * Why not.
     *
     * @param words what the server or TLS said; printable ASCII, at most {@value #MAX_WORDS} characters
     */
    public record Failure(Reason reason, String words) {
        public static final int MAX_WORDS = 200;

        public Failure {
            words = words.replaceAll("[^ -~]+", " ").strip();
            words = words.substring(0, Math.min(MAX_WORDS, words.length()));
        }
    }

    /** The result types that a client without policies from others can meet. */
    public enum Reason {
        STARTTLS_NOT_SUPPORTED,
        CERTIFICATE_EXPIRED,
        CERTIFICATE_HOST_MISMATCH,
        CERTIFICATE_NOT_TRUSTED,
        VALIDATION_FAILURE;

        /** As reports write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Told of each connection that got as far as TLS, before its outcome has any consequence. Must neither block nor throw. */
    @FunctionalInterface
    public interface Listener {
        Listener NONE = _ -> {};

        void tls(TlsOutcome outcome);
    }

    static TlsOutcome negotiated(InetAddress local) {
        return new TlsOutcome(local, Optional.empty());
    }

    static TlsOutcome failed(InetAddress local, Reason reason, String words) {
        return new TlsOutcome(local, Optional.of(new Failure(reason, words)));
    }

    /** What a failed handshake was about, by the causes that the JDK gives. */
    static TlsOutcome failed(InetAddress local, Throwable handshake) {
        Reason reason = Reason.VALIDATION_FAILURE;
        int depth = 0;
        for (Throwable cause = handshake; cause != null && depth < 10; cause = cause.getCause()) {
            depth++;
            if (cause instanceof CertificateExpiredException) {
                reason = Reason.CERTIFICATE_EXPIRED;
            } else if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                reason = Reason.CERTIFICATE_NOT_TRUSTED;
            } else if (cause.getClass() == CertificateException.class && reason == Reason.VALIDATION_FAILURE) {
                // sun.security.util.HostnameChecker throws this very class, and what checks the chain another
                reason = Reason.CERTIFICATE_HOST_MISMATCH;
            }
        }
        return failed(local, reason, String.valueOf(handshake.getMessage()));
    }
}
