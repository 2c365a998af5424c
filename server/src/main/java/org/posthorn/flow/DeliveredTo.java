package org.posthorn.flow.localdelivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.posthorn.mail.Address;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.mail.MessageContent;

/** The Delivered-To fields of a message: who has had it already. Reads no more than the header, and that in one pass. */
final class DeliveredTo {
    private static final byte[] NAME = "delivered-to:".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_HEADER = 1024 * 1024;
    private static final int BUFFER = 8 * 1024;
    private static final int MAX_VALUE = 512;

    private final Address account;
    private final byte[] line = new byte[NAME.length + MAX_VALUE];
    private int length;
    private boolean found;
    private boolean ended;

    private DeliveredTo(Address account) {
        this.account = account;
    }

    /** Whether one of the fields names this account. */
    static boolean names(MessageContent content, Address account) throws IOException {
        DeliveredTo scan = new DeliveredTo(account);
        try (InputStream in = content.open(0, Math.min(content.size(), MAX_HEADER))) {
            byte[] buffer = new byte[(int) Math.min(BUFFER, content.size() + 1)];
            for (int n = in.read(buffer); n > 0 && !scan.ended; n = in.read(buffer)) {
                scan.feed(buffer, n);
            }
        }
        return scan.found;
    }

    private void feed(byte[] bytes, int count) {
        for (int i = 0; i < count && !ended; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                endLine();
            } else if (b != '\r' && length < line.length) {
                line[length++] = b;
            }
        }
    }

    private void endLine() {
        ended = length == 0;
        found |= isField() && isAccount();
        length = 0;
    }

    private boolean isField() {
        for (int i = 0; i < NAME.length; i++) {
            if (i >= length || (line[i] | 0x20) != (NAME[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAccount() {
        String value = new String(line, NAME.length, length - NAME.length, StandardCharsets.UTF_8).strip();
        try {
            return Address.parse(value).canonical().equals(account);
        } catch (MalformedAddressException e) {
            return false;
        }
    }
}
