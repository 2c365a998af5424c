package org.posthorn.protocol.dkim;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Verifies signatures in the most straightforward way, on whole Strings and with regular expressions: an independent
 * reading of RFC 6376 to hold the streaming code against.
 */
public final class PlainVerifier {
    private PlainVerifier() {}

    /** The outcome for each DKIM-Signature of the message, top to bottom: "pass" or why not. */
    public static List<String> verify(String message, Map<String, String> keyRecords) throws Exception {
        int split = message.indexOf("\r\n\r\n");
        List<String> fields = fields(message.substring(0, split + 2));
        String body = message.substring(split + 4);
        List<String> results = new ArrayList<>();
        for (String field : fields) {
            if (field.toLowerCase(Locale.ROOT).startsWith("dkim-signature:")) {
                results.add(verifyOne(field, fields, body, keyRecords));
            }
        }
        return results;
    }

    private static List<String> fields(String header) {
        List<String> fields = new ArrayList<>();
        for (String line : header.split("(?<=\r\n)", -1)) {
            if (line.startsWith(" ") || line.startsWith("\t")) {
                fields.set(fields.size() - 1, fields.getLast() + line);
            } else if (!line.isEmpty()) {
                fields.add(line);
            }
        }
        return fields;
    }

    static Map<String, String> tags(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String tag : text.split(";", -1)) {
            int equals = tag.indexOf('=');
            if (equals > 0) {
                tags.put(
                        tag.substring(0, equals).strip(),
                        tag.substring(equals + 1).strip());
            }
        }
        return tags;
    }

    private static String verifyOne(String signature, List<String> fields, String body, Map<String, String> keyRecords)
            throws Exception {
        Map<String, String> tags = tags(signature.substring(signature.indexOf(':') + 1));
        String[] forms = tags.getOrDefault("c", "simple/simple").split("/", -1);
        byte[] canonicalBody = latin1(body(body, forms.length > 1 ? forms[1] : "simple"));
        String bodyHash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(canonicalBody));
        if (!bodyHash.equals(tags.getOrDefault("bh", "").replaceAll("\\s", ""))) {
            return "body hash differs";
        }
        StringBuilder input = new StringBuilder();
        List<String> left = new ArrayList<>(fields);
        for (String name : tags.getOrDefault("h", "").split(":", -1)) {
            for (int i = left.size() - 1; i >= 0; i--) {
                if (left.get(i).split(":", 2)[0].strip().equalsIgnoreCase(name.strip())) {
                    input.append(header(left.remove(i), forms[0]));
                    break;
                }
            }
        }
        String unsigned = signature.replaceFirst("(?s)([;\\s:]b\\s*=)[^;]*", "$1");
        unsigned = unsigned.endsWith("\r\n") ? unsigned : unsigned + "\r\n";
        String last = header(unsigned, forms[0]);
        input.append(last, 0, last.length() - 2);
        String record = keyRecords.get(tags.get("s") + "._domainkey." + tags.get("d"));
        return record == null ? "no key" : check(tags, record, latin1(input.toString()));
    }

    private static String check(Map<String, String> tags, String record, byte[] input) throws Exception {
        boolean rsa = "rsa-sha256".equals(tags.get("a"));
        byte[] published = Base64.getDecoder().decode(tags(record).get("p").replaceAll("\\s", ""));
        byte[] encoded = published;
        if (!rsa) {
            byte[] head = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
            encoded = new byte[head.length + published.length];
            System.arraycopy(head, 0, encoded, 0, head.length);
            System.arraycopy(published, 0, encoded, head.length, published.length);
        }
        Signature verifier = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
        verifier.initVerify(
                KeyFactory.getInstance(rsa ? "RSA" : "Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update(rsa ? input : MessageDigest.getInstance("SHA-256").digest(input));
        byte[] signature = Base64.getDecoder().decode(tags.get("b").replaceAll("\\s", ""));
        return verifier.verify(signature) ? "pass" : "signature differs";
    }

    static String header(String field, String form) {
        if (form.equals("simple")) {
            return field;
        }
        int colon = field.indexOf(':');
        String value = field.substring(colon + 1)
                .replaceAll("\r\n", "")
                .replaceAll("[ \t]+", " ")
                .replaceAll("^ | $", "");
        return field.substring(0, colon).replaceAll("[ \t]+$", "").toLowerCase(Locale.ROOT) + ":" + value + "\r\n";
    }

    static String body(String body, String form) {
        String text = body;
        if (form.equals("relaxed")) {
            text = text.replaceAll("[ \t]+(?=\r\n|\\z)", "").replaceAll("[ \t]+", " ");
        }
        text = text.replaceAll("(\r\n)*\\z", "");
        return text.isEmpty() && form.equals("relaxed") ? "" : text + "\r\n";
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
