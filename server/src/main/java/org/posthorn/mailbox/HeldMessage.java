package org.posthorn.mailbox;

import java.io.Closeable;
import java.io.IOException;
import org.posthorn.mail.MessageContent;

/**
 * A message that can be read to its end although others rename or remove it meanwhile. The content must not be used after
 * {@link #close}.
 *
 * @param file what keeps it
 */
public record HeldMessage(MessageContent content, Closeable file) implements Closeable {
    @Override
    public void close() throws IOException {
        file.close();
    }
}
