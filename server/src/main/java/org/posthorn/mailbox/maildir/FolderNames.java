package org.posthorn.mailbox.maildir;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.protocol.imap.ImapSyntaxException;
import org.posthorn.protocol.imap.ModifiedUtf7;

/**
 * Names of mailboxes and accounts as names of directories. A mailbox is {@code .LEVEL.LEVEL} (Maildir++), each level in modified
 * UTF-7, with what a level may not hold written as Dovecot's listescape does: a backslash and two hex digits.
 */
final class FolderNames {
    private static final Pattern DOT = Pattern.compile("\\.");

    private FolderNames() {}

    /** The directory of any mailbox but INBOX. */
    static String directory(MailboxName name) {
        StringBuilder out = new StringBuilder();
        for (String level : name.levels()) {
            out.append('.').append(encodeLevel(level));
        }
        return out.toString();
    }

    /** What mailbox a directory beside {@code cur} is; empty when it is none. */
    static Optional<MailboxName> mailbox(String directory) {
        if (directory.length() < 2 || directory.charAt(0) != '.' || directory.charAt(1) == '.') {
            return Optional.empty();
        }
        List<String> levels = new ArrayList<>();
        for (String level : DOT.split(directory.substring(1), -1)) {
            levels.add(decodeLevel(level));
        }
        try {
            MailboxName name = new MailboxName(levels);
            return name.isInbox() ? Optional.empty() : Optional.of(name);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String encodeLevel(String level) {
        String ascii = ModifiedUtf7.encode(level);
        StringBuilder out = new StringBuilder(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            char c = ascii.charAt(i);
            if (c == '.' || c == '/' || c == '\\' || (c == '~' && i == 0)) {
                out.append('\\').append(HexFormat.of().toHexDigits((byte) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Text that is no valid modified UTF-7 is taken as it is: another program made the name, and its mail is to be seen. */
    static String decodeLevel(String level) {
        StringBuilder out = new StringBuilder(level.length());
        for (int i = 0; i < level.length(); i++) {
            char c = level.charAt(i);
            if (c == '\\'
                    && i + 2 < level.length()
                    && HexFormat.isHexDigit(level.charAt(i + 1))
                    && HexFormat.isHexDigit(level.charAt(i + 2))) {
                out.append((char) HexFormat.fromHexDigits(level, i + 1, i + 3));
                i += 2;
            } else {
                out.append(c);
            }
        }
        try {
            return ModifiedUtf7.decode(out.toString());
        } catch (ImapSyntaxException e) {
            return out.toString();
        }
    }

    /** An address as the name of a directory; characters that are special in paths, and all but ASCII, are written as {@code %XX}. */
    static String account(Address address) {
        byte[] bytes = address.canonical().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            boolean plain = (b >= 'a' && b <= 'z')
                    || (b >= '0' && b <= '9')
                    || "@-_+=".indexOf(b) >= 0
                    || (b == '.' && !out.isEmpty());
            if (plain) {
                out.append((char) b);
            } else {
                out.append('%').append(HexFormat.of().toHexDigits(b));
            }
        }
        return out.toString();
    }
}
