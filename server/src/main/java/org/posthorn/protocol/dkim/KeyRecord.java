package org.posthorn.protocol.dkim;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A key record (RFC 6376 3.6.1), read.
 *
 * @param keyType {@code k=}, "rsa" by default
 * @param key none when it is revoked
 * @param hashes {@code h=}: hash algorithms that may be used; empty for any
 * @param services {@code s=}: what it is for, "*" by default
 * @param testing {@code t=y}: the domain is trying DKIM out
 * @param strict {@code t=s}: {@code i=} must be in the very domain of {@code d=}
 * @param bits of an RSA key's modulus; 256 for Ed25519; 0 when revoked
 */
public record KeyRecord(
        String keyType,
        Optional<VerifyingKey> key,
        List<String> hashes,
        List<String> services,
        boolean testing,
        boolean strict,
        int bits) {
    /** Characters of a record; an RSA key of 16,384 bits fits. */
    public static final int MAX_LENGTH = 16 << 10;

    /** Longer ones cost a verifier more than mail is worth; none is in use. */
    static final int MAX_RSA_BITS = 8192;

    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    /** The AlgorithmIdentifier of RSA. */
    private static final byte[] RSA_IDENTIFIER = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    public KeyRecord {
        hashes = List.copyOf(hashes);
        services = List.copyOf(services);
    }

    /**
     * Reads a record.
     *
     * @throws DkimSyntaxException if it is not a key record that we can use
     */
    public static KeyRecord parse(String text) {
        return parse(text, LibCrypto.loaded());
    }

    static KeyRecord parse(String text, Optional<LibCrypto> crypto) {
        if (text.length() > MAX_LENGTH) {
            throw new DkimSyntaxException("key record of " + text.length() + " characters");
        }
        TagList tags = TagList.parse(text);
        // RFC 6376 3.6.1: v= may be missing, but where it is, it is first and DKIM1.
        if (tags.has("v")
                && !(tags.require("v").equals("DKIM1")
                        && tags.first().filter("v"::equals).isPresent())) {
            throw new DkimSyntaxException("not a key record: " + TagList.shown(text));
        }
        if (!tags.has("p")) {
            throw new DkimSyntaxException("key record without p=");
        }
        String type = tags.word("k").filter(k -> !k.isEmpty()).orElse("rsa");
        List<String> flags = list(tags, "t");
        Optional<PublicKey> key = tags.find("p")
                .filter(p -> !TagList.withoutSpace(p).isEmpty())
                .map(p -> publicKey(type, tags.base64("p")));
        return new KeyRecord(
                type,
                key.map(k -> new VerifyingKey(k, crypto)),
                list(tags, "h"),
                list(tags, "s"),
                flags.contains("y"),
                flags.contains("s"),
                key.map(KeyRecord::bits).orElse(0));
    }

    private static List<String> list(TagList tags, String tag) {
        return tags.word(tag).stream()
                .flatMap(value -> Arrays.stream(value.split(":")))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static int bits(PublicKey key) {
        return key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 256;
    }

    private static PublicKey publicKey(String type, byte[] data) {
        try {
            return switch (type) {
                case "rsa" -> rsa(data);
                case "ed25519" -> ed25519(data);
                default -> throw new DkimSyntaxException("unknown key type " + TagList.shown(type));
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new DkimSyntaxException("not an " + type + " key");
        }
    }

    /** SubjectPublicKeyInfo, which everybody publishes, or the bare RSAPublicKey, which the RFC names (erratum 3017). */
    private static PublicKey rsa(byte[] data) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        PublicKey key;
        try {
            key = factory.generatePublic(new X509EncodedKeySpec(data));
        } catch (InvalidKeySpecException e) {
            byte[] string = der(0x03, concatenation(new byte[1], data));
            key = factory.generatePublic(new X509EncodedKeySpec(der(0x30, concatenation(RSA_IDENTIFIER, string))));
        }
        RSAPublicKey rsa = (RSAPublicKey) key;
        if (rsa.getModulus().bitLength() > MAX_RSA_BITS
                || rsa.getPublicExponent().bitLength() > 64
                || rsa.getPublicExponent().compareTo(BigInteger.TWO) <= 0) {
            throw new DkimSyntaxException("an RSA key that nobody uses");
        }
        return rsa;
    }

    private static byte[] der(int tag, byte[] content) {
        int length = content.length;
        // DER wants the shortest form of a length; records are short enough for two octets.
        byte[] start = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return concatenation(start, content);
    }

    private static byte[] concatenation(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** RFC 8463 4: 32 octets; some publish SubjectPublicKeyInfo all the same. */
    private static PublicKey ed25519(byte[] data) throws GeneralSecurityException {
        byte[] encoded = data;
        if (data.length == 32) {
            encoded = concatenation(ED25519_PREFIX, data);
        }
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }
}
