package org.posthorn.client.smtp;

import java.io.IOException;
import java.io.InputStream;
import org.posthorn.mail.MessageContent;

/**
 * What a message asks of a server.
 *
 * @param eightBitHeader octets above 127 in the header: with SMTPUTF8 mail they are its UTF-8 (RFC 6532)
 * @param eightBitBody octets above 127 after the header: 8BITMIME (RFC 6152)
 */
record ContentTraits(boolean eightBitHeader, boolean eightBitBody) {
    private static final int BLOCK = 16 * 1024;

    /** Reads the message once, until nothing more can be learnt. */
    static ContentTraits of(MessageContent content) throws IOException {
        byte[] block = new byte[(int) Math.min(BLOCK, Math.max(1, content.size()))];
        boolean header = false;
        boolean body = false;
        boolean inBody = false;
        int lineLength = 0;
        try (InputStream in = content.open()) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                for (int i = 0; i < count; i++) {
                    byte octet = block[i];
                    if (octet < 0) {
                        header |= !inBody;
                        body |= inBody;
                        if (body) {
                            return new ContentTraits(header, true);
                        }
                    }
                    if (!inBody) {
                        if (octet == '\n') {
                            inBody = lineLength == 0;
                            lineLength = 0;
                        } else if (octet != '\r') {
                            lineLength++;
                        }
                    }
                }
            }
        }
        return new ContentTraits(header, body);
    }
}
