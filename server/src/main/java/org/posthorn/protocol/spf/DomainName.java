package org.posthorn.protocol.spf;

import java.util.Optional;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;

/** Names to look policies and hosts up by. */
final class DomainName {
    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL = 63;

    private DomainName() {}

    /** In A-labels (RFC 8616 4) and without final dot; as it was where that cannot be. */
    static String ascii(String name) {
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (plain.chars().allMatch(c -> c < 0x80)) {
            return plain;
        }
        return idn(plain).orElse(plain);
    }

    private static Optional<String> idn(String name) {
        try {
            return Optional.of(Domain.parse(name).name());
        } catch (MalformedAddressException e) {
            return Optional.empty();
        }
    }

    /** RFC 7208 4.3: well-formed, and of more than one label. */
    static boolean canHavePolicy(String name) {
        return name.indexOf('.') > 0 && !name.startsWith("[") && canBeAsked(name);
    }

    /** Whether a name server could know it. Of what is not ASCII none does, so that RFC 8616 4 is kept: such terms do not match. */
    static boolean canBeAsked(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
            } else if (c < ' ' || c >= 0x7f || ++label > MAX_LABEL) {
                return false;
            }
        }
        return label > 0;
    }

    static boolean isWithin(String name, String domain) {
        return name.equalsIgnoreCase(domain)
                || (name.length() > domain.length() + 1
                        && name.charAt(name.length() - domain.length() - 1) == '.'
                        && name.regionMatches(true, name.length() - domain.length(), domain, 0, domain.length()));
    }
}
