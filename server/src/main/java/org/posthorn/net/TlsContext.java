package org.posthorn.net;

import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The TLS identity of a listener: certificates and protocol settings. Thread-safe.
 */
public final class TlsContext {
    static {
        refuseRenegotiation();
    }

    private final SSLContext current;
    private final Consumer<SSLParameters> settings;

    /**
     * @param initial key material to begin with
     * @param settings adjusts the parameters of each new TLS session, e.g. its protocol versions
     */
    public TlsContext(SSLContext initial, Consumer<SSLParameters> settings) {
        this.current = initial;
        this.settings = settings;
    }

    /** TLS 1.2 and 1.3 as the JDK configures them (RFC 8996 forbids older ones). */
    public TlsContext(SSLContext initial) {
        this(initial, parameters -> parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"}));
    }

    /**
     * Has the JDK refuse what clients of TLS 1.2 may ask for again and again at little cost to themselves: a new handshake in a session.
     * It looks at this once, at the first handshake of a server in this process.
     */
    public static void refuseRenegotiation() {
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    public SSLContext current() {
        return current;
    }

    void configure(SSLParameters parameters) {
        settings.accept(parameters);
    }
}
