/**
 * The structure of messages (RFC 2045, 2046, 2183, 2231, 3282, 2557, 2392, 1864; RFC 6532 for UTF-8 in headers) as ranges of bytes,
 * found in one pass with bounded memory, and the text in their parts for searching.
 *
 * <p>Lenient: every sequence of bytes is a message, and none throws. What contradicts the RFCs is taken as plain text or as an
 * opaque part. Bounds: parts nest {@link org.posthorn.mail.mime.MimeStructure#MAX_DEPTH} deep, there are
 * {@link org.posthorn.mail.mime.MimeStructure#MAX_PARTS} of them, and of each header the first
 * {@link org.posthorn.mail.Headers#MAX_OCTETS} count; what lies beyond stays a part of what is around it.
 */
@NullMarked
package org.posthorn.mail.mime;

import org.jspecify.annotations.NullMarked;
