package org.posthorn.intake.submission;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.posthorn.intake.MessageDraft;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MessageConverter;
import org.posthorn.mail.mime.PartSurvey;

/**
 * Notices lines over 998 octets in a message that is submitted, which servers may refuse (RFC 5321 4.5.3.1.6), and writes such a message
 * anew before it is signed. Used by one thread.
 */
final class ShorterLines {
    private static final int BLOCK = 32 * 1024;

    private int column;
    private boolean needed;

    /** The next octets of the message. */
    void look(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length && !needed; i++) {
            if (bytes[i] == '\n') {
                column = 0;
            } else if (bytes[i] != '\r') {
                column++;
                needed = column > PartSurvey.MAX_LINE;
            }
        }
    }

    boolean needed() {
        return needed;
    }

    /** Writes the message of one draft into another, parts with long lines as quoted-printable and long header lines folded. */
    static void rewrite(MessageDraft from, MessageDraft to) throws IOException {
        OutputStream sink = new OutputStream() {
            @Override
            public void write(int octet) {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                to.write(bytes, offset, length);
            }
        };
        OutputStream buffered = new BufferedOutputStream(sink, BLOCK);
        MessageContent content = from.content();
        MessageConverter converter = MessageConverter.to(buffered, MessageConverter.survey(content), false);
        try (InputStream in = content.open()) {
            in.transferTo(converter);
        }
        converter.end();
        buffered.flush();
    }
}
