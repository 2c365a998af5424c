package org.posthorn.protocol.sasl;

import java.util.Base64;

/** The grammar of a SCRAM client's messages (RFC 5802 7). Malformed ones throw {@link SaslSyntaxException}. */
final class ScramMessages {
    private static final int MAX_NONCE = 1024;

    private ScramMessages() {}

    /** What the client says about channel binding. */
    enum Binding {
        /** {@code n}: it cannot. */
        UNSUPPORTED,
        /** {@code y}: it can, and believes that the server cannot. */
        NOT_OFFERED,
        /** {@code p=type}. */
        USED
    }

    /**
     * @param gs2Header up to and with its second comma: what {@code c=} must repeat
     * @param bindingType name of the channel binding, "" when there is none
     * @param bare the message without the gs2 header, part of the AuthMessage
     */
    record ClientFirst(
            String gs2Header,
            Binding binding,
            String bindingType,
            String authzid,
            String name,
            String nonce,
            String bare) {
        static ClientFirst parse(String text) {
            int first = text.indexOf(',');
            int second = text.indexOf(',', first + 1);
            if (first < 0 || second < 0) {
                throw new SaslSyntaxException("no gs2 header");
            }
            String flag = text.substring(0, first);
            Binding binding =
                    flag.equals("n") ? Binding.UNSUPPORTED : flag.equals("y") ? Binding.NOT_OFFERED : Binding.USED;
            String type = binding == Binding.USED ? bindingName(flag) : "";
            String authzid = text.substring(first + 1, second);
            if (!authzid.isEmpty()) {
                authzid = saslName(value(authzid, 'a'));
            }
            String bare = text.substring(second + 1);
            String[] attributes = bare.split(",", -1);
            // RFC 5802 5.1 m: an extension that the server must understand; we know none.
            if (attributes.length < 2 || attributes[0].startsWith("m=")) {
                throw new SaslSyntaxException("not n=name,r=nonce");
            }
            String name = saslName(value(attributes[0], 'n'));
            String nonce = printable(value(attributes[1], 'r'));
            return new ClientFirst(text.substring(0, second + 1), binding, type, authzid, name, nonce, bare);
        }

        private static String bindingName(String flag) {
            if (!flag.startsWith("p=") || flag.length() < 3 || flag.length() > 64) {
                throw new SaslSyntaxException("bad channel binding flag");
            }
            return flag.substring(2);
        }
    }

    /**
     * @param binding decoded {@code c=}
     * @param nonce client's and server's together
     * @param proof base64
     * @param withoutProof the message up to {@code ,p=}, part of the AuthMessage
     */
    record ClientFinal(String binding, String nonce, String proof, String withoutProof) {
        ClientFinal {
            var _ = base64(proof);
        }

        static ClientFinal parse(String text) {
            int at = text.lastIndexOf(",p=");
            if (at < 0) {
                throw new SaslSyntaxException("no proof");
            }
            String withoutProof = text.substring(0, at);
            String[] attributes = withoutProof.split(",", -1);
            if (attributes.length < 2) {
                throw new SaslSyntaxException("not c=binding,r=nonce,p=proof");
            }
            return new ClientFinal(
                    value(attributes[0], 'c'),
                    printable(value(attributes[1], 'r')),
                    text.substring(at + 3),
                    withoutProof);
        }

        byte[] proofOctets() {
            return base64(proof);
        }
    }

    private static String value(String attribute, char name) {
        if (attribute.length() < 3 || attribute.charAt(0) != name || attribute.charAt(1) != '=') {
            throw new SaslSyntaxException("expected attribute " + name);
        }
        return attribute.substring(2);
    }

    /** saslname: {@code =2C} is a comma, {@code =3D} an equals sign, other uses of {@code =} are errors. */
    private static String saslName(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new SaslSyntaxException("NUL in a name");
        }
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '=') {
                name.append(c);
            } else if (text.startsWith("=2C", i)) {
                name.append(',');
                i += 2;
            } else if (text.startsWith("=3D", i)) {
                name.append('=');
                i += 2;
            } else {
                throw new SaslSyntaxException("bad escape in a name");
            }
        }
        return name.toString();
    }

    private static String printable(String nonce) {
        if (nonce.length() > MAX_NONCE || !nonce.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new SaslSyntaxException("bad nonce");
        }
        return nonce;
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new SaslSyntaxException("not base64");
        }
    }
}
