package org.posthorn.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The Delivered-To fields of a message: who has had it already. Reads no more than the header, and that in one pass; intake and
 * local delivery read with this same eye, so that what would be returned as a loop is refused before. Used by one thread.
 */
public final class DeliveredTo {
    private static final byte[] NAME = "delivered-to:".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_HEADER = 1024 * 1024;
    private static final int BUFFER = 8 * 1024;
    private static final int MAX_VALUE = 512;

    private final Set<Address> accounts;
    private final byte[] line = new byte[NAME.length + MAX_VALUE];
    private int length;
    private final Set<Address> found = new LinkedHashSet<>();
    private boolean ended;

    /** @param accounts looked for, in canonical form */
    public DeliveredTo(Set<Address> accounts) {
        this.accounts = Set.copyOf(accounts);
    }

    /** Whether one of the fields names this account. */
    public static boolean names(MessageContent content, Address account) throws IOException {
        DeliveredTo scan = new DeliveredTo(Set.of(account));
        try (InputStream in = content.open(0, Math.min(content.size(), MAX_HEADER))) {
            byte[] buffer = new byte[(int) Math.min(BUFFER, content.size() + 1)];
            for (int n = in.read(buffer); n > 0 && !scan.ended; n = in.read(buffer)) {
                scan.scan(buffer, 0, n);
            }
        }
        return !scan.found().isEmpty();
    }

    /** The next bytes of the message. */
    public void scan(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count && !ended; i++) {
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
        if (isField()) {
            named().filter(accounts::contains).ifPresent(found::add);
        }
        length = 0;
    }

    /** Those of the accounts that fields name, in the order of the fields, as far as the message has been read. */
    public Set<Address> found() {
        return Collections.unmodifiableSet(found);
    }

    private boolean isField() {
        for (int i = 0; i < NAME.length; i++) {
            if (i >= length || (line[i] | 0x20) != (NAME[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private Optional<Address> named() {
        String value = new String(line, NAME.length, length - NAME.length, StandardCharsets.UTF_8).strip();
        try {
            return Optional.of(Address.parse(value).canonical());
        } catch (MalformedAddressException e) {
            return Optional.empty();
        }
    }
}
