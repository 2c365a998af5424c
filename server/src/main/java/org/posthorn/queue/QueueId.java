package org.posthorn.queue;

/**
 * Names a message in the queue, the log and the Maildir: 11 to 16 characters of {@code 0-9A-Z}, later ids sort higher.
 * Never given twice, also after a crash.
 */
public record QueueId(String text) implements Comparable<QueueId> {
    public QueueId {
        if (text.length() < 11
                || text.length() > 16
                || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) {
            throw new IllegalArgumentException("not a queue id");
        }
    }

    @Override
    public int compareTo(QueueId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
