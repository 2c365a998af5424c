package org.posthorn.testing;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;

/** Key pairs made once for all tests: making an RSA key takes long. */
public final class Keys {
    public static final KeyPair RSA = pair("RSA");
    public static final KeyPair ED25519 = pair("Ed25519");

    private Keys() {}

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
