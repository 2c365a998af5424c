package org.posthorn.client.smtp;

import java.io.IOException;
import java.io.InputStream;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.PartSurvey;

/**
 * What a message asks of a server.
 *
 * @param eightBitHeader octets above 127 in the header: with SMTPUTF8 mail they are its UTF-8 (RFC 6532)
 * @param eightBitBody octets above 127 after the header: 8BITMIME (RFC 6152)
 * @param longLine a line over 998 octets somewhere, which servers may refuse (RFC 5321 4.5.3.1.6)
 */
record ContentTraits(boolean eightBitHeader, boolean eightBitBody, boolean longLine) {
    private static final int BLOCK = 16 * 1024;

    /** Reads the message once. */
    static ContentTraits of(MessageContent content) throws IOException {
        byte[] block = new byte[(int) Math.min(BLOCK, Math.max(1, content.size()))];
        boolean header = false;
        boolean body = false;
        boolean inBody = false;
        boolean longLine = false;
        int lineLength = 0;
        try (InputStream in = content.open()) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                for (int i = 0; i < count; i++) {
                    byte octet = block[i];
                    if (octet < 0) {
                        header |= !inBody;
                        body |= inBody;
                    }
                    if (octet == '\n') {
                        inBody |= lineLength == 0;
                        lineLength = 0;
                    } else if (octet != '\r') {
                        longLine |= ++lineLength > PartSurvey.MAX_LINE;
                    }
                }
            }
        }
        return new ContentTraits(header, body, longLine);
    }
}
