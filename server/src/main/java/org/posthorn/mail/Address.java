package org.posthorn.mail;

import java.util.Locale;

/**
 * A mail address as SMTP has it (RFC 5321 4.1.2 Mailbox, RFC 6531).
 *
 * @param localPart as given, without needless quoting
 */
public record Address(String localPart, Domain domain) {
    public static Address parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || at > 64) {
            throw new MalformedAddressException("not an address: " + text);
        }
        return new Address(text.substring(0, at), Domain.parse(text.substring(at + 1)));
    }

    /** With the local part in lower case, for look-ups in the directory. */
    public Address canonical() {
        return new Address(localPart.toLowerCase(Locale.ROOT), domain);
    }

    /** Whether it can only be sent with SMTPUTF8 (RFC 6531). */
    public boolean needsSmtpUtf8() {
        return !localPart.chars().allMatch(c -> c < 0x80);
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
