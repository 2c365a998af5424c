package org.posthorn.mailbox.maildir;

import org.posthorn.mailbox.EmailId;
import org.posthorn.mailbox.Message;

/**
 * A message and its file in {@code cur}. Immutable.
 *
 * @param info of the file name, as it is on disk
 * @param fileSize octets on disk; another number than the message's size when its lines end in bare LF
 */
record Entry(Message message, String base, String info, long fileSize) {
    long uid() {
        return message.uid();
    }

    String fileName() {
        return info.isEmpty() ? base : base + ":" + info;
    }

    EmailId emailId() {
        return FileName.emailId(base);
    }

    /** The same under another mod-sequence. */
    Entry at(long modSeq) {
        return new Entry(
                new Message(message.uid(), modSeq, message.flags(), message.internalDate(), message.size()),
                base,
                info,
                fileSize);
    }

    Entry with(Message changed, String newInfo) {
        return new Entry(changed, base, newInfo, fileSize);
    }
}
