package org.posthorn.protocol.sasl;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the TLS channel below can be told by. {@link #NONE} on a plain connection: then no -PLUS mechanism is offered.
 * Immutable.
 */
public final class ChannelBindings {
    /** No channel binding to be had. */
    public static final ChannelBindings NONE = new ChannelBindings(Map.of());

    private static final String EXPORTER = "tls-exporter";
    private static final String END_POINT = "tls-server-end-point";

    private final Map<String, byte[]> byType;

    private ChannelBindings(Map<String, byte[]> byType) {
        this.byType = byType;
    }

    /**
     * The bindings of a TLS connection.
     *
     * @param exporter 32 octets exported with the label EXPORTER-Channel-Binding, for TLS 1.3 (RFC 9266 2)
     * @param certificate the one that the server presented
     */
    public static ChannelBindings of(Optional<byte[]> exporter, Optional<Certificate> certificate) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        exporter.ifPresent(data -> found.put(EXPORTER, data.clone()));
        certificate.flatMap(ChannelBindings::endPoint).ifPresent(data -> found.put(END_POINT, data));
        return found.isEmpty() ? NONE : new ChannelBindings(found);
    }

    /** RFC 5929 4.1: the certificate's hash by its signature's hash function, SHA-256 in place of MD5 and SHA-1. */
    private static Optional<byte[]> endPoint(Certificate certificate) {
        if (!(certificate instanceof X509Certificate x509)) {
            return Optional.empty();
        }
        String signature = x509.getSigAlgName().toUpperCase(Locale.ROOT);
        String hash;
        if (signature.startsWith("SHA384WITH")) {
            hash = "SHA-384";
        } else if (signature.startsWith("SHA512WITH")) {
            hash = "SHA-512";
        } else if (signature.startsWith("SHA224WITH")) {
            hash = "SHA-224";
        } else if (signature.startsWith("SHA256WITH")
                || signature.startsWith("SHA1WITH")
                || signature.startsWith("MD5WITH")) {
            hash = "SHA-256";
        } else {
            // Ed25519, RSASSA-PSS and the like: RFC 5929 leaves the hash undefined, so there is no such binding.
            return Optional.empty();
        }
        try {
            return Optional.of(MessageDigest.getInstance(hash).digest(x509.getEncoded()));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    boolean isEmpty() {
        return byType.isEmpty();
    }

    Optional<byte[]> data(String type) {
        return Optional.ofNullable(byType.get(type));
    }
}
