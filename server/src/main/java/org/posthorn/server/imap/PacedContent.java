package org.posthorn.server.imap;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.mail.MessageContent;

/** Content whose reader lets others have their turn before each chunk, so that parsers need not know of turns. */
final class PacedContent implements MessageContent {
    private final MessageContent content;
    private final CpuTurn turn;

    PacedContent(MessageContent content, CpuTurn turn) {
        this.content = content;
        this.turn = turn;
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
                turn.pause();
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                turn.pause();
                return super.read(bytes, offset, count);
            }
        };
    }
}
