package org.posthorn.mailbox.maildir;

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

    Entry with(Message changed, String newInfo) {
        return new Entry(changed, base, newInfo, fileSize);
    }
}
