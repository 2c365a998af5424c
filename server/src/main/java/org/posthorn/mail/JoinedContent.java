package org.posthorn.mail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;

/** One content behind another. */
record JoinedContent(MessageContent first, MessageContent second) implements MessageContent {
    @Override
    public long size() {
        return first.size() + second.size();
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        long inFirst = Math.clamp(first.size() - from, 0, length);
        long rest = length - inFirst;
        long secondFrom = Math.max(0, from - first.size());
        if (inFirst == 0) {
            return second.open(secondFrom, rest);
        }
        InputStream head = first.open(from, inFirst);
        return rest == 0 ? head : new SequenceInputStream(head, second.open(secondFrom, rest));
    }

    @Override
    public void transferTo(long from, long length, OutputStream out) throws IOException {
        long inFirst = Math.clamp(first.size() - from, 0, length);
        if (inFirst > 0) {
            first.transferTo(from, inFirst, out);
        }
        if (length > inFirst) {
            second.transferTo(Math.max(0, from - first.size()), length - inFirst, out);
        }
    }
}
