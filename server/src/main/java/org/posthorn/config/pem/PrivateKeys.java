package org.posthorn.config.pem;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Reads and writes private keys as PEM. */
public final class PrivateKeys {
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] EC_OID = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private PrivateKeys() {}

    /** The first private key of a PEM text; certificates and parameters around it are passed over. */
    public static PrivateKey parse(String pem) {
        if (pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED")) {
            throw new PemException("the private key is encrypted; store it without a passphrase");
        }
        if (pem.contains("-----BEGIN PRIVATE KEY-----")) {
            return pkcs8(block(pem, "PRIVATE KEY"));
        }
        if (pem.contains("-----BEGIN RSA PRIVATE KEY-----")) {
            return pkcs8(wrap(RSA, block(pem, "RSA PRIVATE KEY")));
        }
        if (pem.contains("-----BEGIN EC PRIVATE KEY-----")) {
            return sec1(block(pem, "EC PRIVATE KEY"));
        }
        throw new PemException("no private key (PEM)");
    }

    /** The key as PKCS#8 PEM, lines of 64 characters. */
    public static String write(PrivateKey key) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
    }

    private static byte[] block(String pem, String label) {
        String begin = "-----BEGIN " + label + "-----";
        int start = pem.indexOf(begin) + begin.length();
        int end = pem.indexOf("-----END " + label + "-----", start);
        if (end < 0) {
            throw new PemException("the private key has no end line");
        }
        String body = pem.substring(start, end).replaceAll("\\s", "");
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new PemException("the private key is not base64");
        }
    }

    private static PrivateKey pkcs8(byte[] der) {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException | RuntimeException e) {
                // Not a key of this kind: the next one may take it.
            }
        }
        throw new PemException("the private key is neither RSA nor EC nor Ed25519");
    }

    /** RFC 5958 2: version, algorithm, and the old form as an octet string. */
    private static byte[] wrap(byte[] algorithm, byte[] key) {
        ByteArrayOutputStream content = new ByteArrayOutputStream(key.length + 40);
        content.writeBytes(VERSION_0);
        content.writeBytes(algorithm);
        content.writeBytes(tagged(0x04, key));
        return tagged(0x30, content.toByteArray());
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        int length = content.length;
        if (length >= 0x10000) {
            throw new PemException("the private key is too long");
        } else if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** RFC 5915 3: SEQUENCE { 1, OCTET STRING, [0] curve, [1] public key }; the curve moves into the algorithm. */
    private static PrivateKey sec1(byte[] der) {
        for (int i = 0; i + 2 < der.length; i++) {
            if ((der[i] & 0xff) == 0xa0 && der[i + 2] == 0x06 && i + 2 + der[i + 1] <= der.length && der[i + 1] > 2) {
                ByteArrayOutputStream algorithm = new ByteArrayOutputStream();
                algorithm.writeBytes(EC_OID);
                algorithm.write(der, i + 2, der[i + 1]);
                try {
                    return pkcs8(wrap(tagged(0x30, algorithm.toByteArray()), der));
                } catch (PemException e) {
                    // Those octets looked like the curve's name by chance: look further.
                }
            }
        }
        throw new PemException("the EC private key does not name its curve");
    }
}
