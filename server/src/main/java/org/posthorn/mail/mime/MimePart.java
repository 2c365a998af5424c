package org.posthorn.mail.mime;

/**
 * One part of a message.
 *
 * @param type e.g. {@code text/plain}
 */
public record MimePart(String type) {}
