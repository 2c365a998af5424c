package org.posthorn.queue;

import java.time.Instant;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;

/**
 * A message in the queue.
 *
 * @param envelope all its recipients, also those already done
 * @param content prefix and body as one, CRLF form; readable as long as a delivery holds the message
 */
public record QueuedMessage(QueueId id, Instant arrived, Envelope envelope, MessageContent content) {}
