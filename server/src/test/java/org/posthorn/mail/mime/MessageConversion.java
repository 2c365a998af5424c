package org.posthorn.mail.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.posthorn.mail.MessageContent;

/** Opens {@link MessageConverter} to the fuzz target. */
public final class MessageConversion {
    private MessageConversion() {}

    /** Converts, writing so many octets at a time. */
    public static byte[] convert(byte[] message, int step) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MessageConverter writer = MessageConverter.to(out, MessageConverter.survey(MessageContent.of(message)), true);
        for (int i = 0; i < message.length; i += step) {
            writer.write(message, i, Math.min(step, message.length - i));
        }
        writer.end();
        return out.toByteArray();
    }
}
