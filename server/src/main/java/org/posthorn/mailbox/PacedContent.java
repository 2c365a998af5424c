package org.posthorn.mailbox;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.posthorn.mail.MessageContent;

/** Content whose reader lets others have their turn before each chunk, so that parsers need not know of turns. */
final class PacedContent implements MessageContent {
    private final MessageContent content;
    private final SearchPace pace;

    PacedContent(MessageContent content, SearchPace pace) {
        this.content = content;
        this.pace = pace;
    }

    @Override
    public long size() {
        return content.size();
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        return new FilterInputStream(content.open(from, length)) {
            @Override
            public int read() throws IOException {
                pace.pause();
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                pace.pause();
                return super.read(bytes, offset, count);
            }
        };
    }
}
