package org.posthorn.protocol.sasl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A client for the tests, written after RFC 5802 3 without the server's code. */
public final class ScramClient {
    private final String header;
    private final byte[] channel;
    private final String bare;
    private final String password;
    private String authMessage = "";
    private byte[] salted = new byte[0];

    public ScramClient(String header, byte[] channel, String name, String password, String nonce) {
        this.header = header;
        this.channel = channel.clone();
        this.bare = "n=" + name.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
        this.password = password;
    }

    public String first() {
        return header + bare;
    }

    public String last(String serverFirst) throws Exception {
        String[] parts = serverFirst.split(",", -1);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        int iterations = Integer.parseInt(parts[2].substring(2));
        salted = hi(salt, iterations);
        ByteArrayOutputStream binding = new ByteArrayOutputStream();
        binding.writeBytes(header.getBytes(StandardCharsets.UTF_8));
        binding.writeBytes(channel);
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(binding.toByteArray()) + "," + parts[0];
        authMessage = bare + "," + serverFirst + "," + withoutProof;
        byte[] clientKey = hmac(salted, utf8("Client Key"));
        byte[] storedKey = java.security.MessageDigest.getInstance("SHA-256").digest(clientKey);
        byte[] signature = hmac(storedKey, utf8(authMessage));
        for (int i = 0; i < signature.length; i++) {
            signature[i] ^= clientKey[i];
        }
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(signature);
    }

    public String expectedServerFinal() throws Exception {
        return "v=" + Base64.getEncoder().encodeToString(hmac(hmac(salted, utf8("Server Key")), utf8(authMessage)));
    }

    /** RFC 5802 2.2 Hi(). */
    private byte[] hi(byte[] salt, int iterations) throws Exception {
        byte[] block = Arrays.copyOf(salt, salt.length + 4);
        block[block.length - 1] = 1;
        byte[] u = hmac(utf8(password), block);
        byte[] result = u.clone();
        for (int i = 1; i < iterations; i++) {
            u = hmac(utf8(password), u);
            for (int k = 0; k < result.length; k++) {
                result[k] ^= u[k];
            }
        }
        return result;
    }

    private static byte[] hmac(byte[] key, byte[] data) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
