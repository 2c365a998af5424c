package org.posthorn.certificates;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among a server's certificates by the name that the client asks for (RFC 6066 3); without a name, or for one that
 * none is for, the first. An alias is the number of an identity. Thread-safe.
 */
final class SniKeys extends X509ExtendedKeyManager {
    private final List<Identity> identities;

    SniKeys(List<Identity> identities) {
        this.identities = List.copyOf(identities);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return socket instanceof SSLSocket tls
                ? choose(keyType, requested(tls.getHandshakeSession()))
                : choose(keyType, Optional.empty());
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return engine == null
                ? choose(keyType, Optional.empty())
                : choose(keyType, requested(engine.getHandshakeSession()));
    }

    private static Optional<String> requested(@Nullable SSLSession handshake) {
        if (handshake instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return Optional.of(host.getAsciiName());
                }
            }
        }
        return Optional.empty();
    }

    /** The first that is for the name, else the first; of those whose key is of the type that is asked for. */
    private @Nullable String choose(String keyType, Optional<String> host) {
        @Nullable String fallback = null;
        for (int i = 0; i < identities.size(); i++) {
            Identity identity = identities.get(i);
            if (!keyType.equals(identity.key().getAlgorithm())) {
                continue;
            }
            if (host.isEmpty() || identity.isFor(host.get())) {
                return Integer.toString(i);
            }
            fallback = fallback == null ? Integer.toString(i) : fallback;
        }
        // A name that another certificate is for must not be answered with this one just because its key type came
        // first.
        boolean elsewhere = host.isPresent() && identities.stream().anyMatch(identity -> identity.isFor(host.get()));
        return elsewhere ? null : fallback;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity(alias)
                .map(identity -> identity.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identity(alias).map(Identity::key).orElse(null);
    }

    private Optional<Identity> identity(String alias) {
        return alias.matches("\\d{1,6}") && Integer.parseInt(alias) < identities.size()
                ? Optional.of(identities.get(Integer.parseInt(alias)))
                : Optional.empty();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        @Nullable String alias = choose(keyType, Optional.empty());
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
