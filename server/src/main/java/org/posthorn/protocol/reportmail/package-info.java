/**
 * Finds the machine-readable reports in a mail, and unpacks them: aggregate reports of DMARC (RFC 9990 3.5.2) and of TLS (RFC 8460
 * 5.3), attached plain, gzipped (RFC 1952) or zipped. Pure: the message is given as bytes.
 *
 * <p>What a part is follows from its first octets, since types and file names are wrong as often as not. Size, ratio, entries and
 * nesting are bounded ({@link org.posthorn.protocol.reportmail.Unpacker}): a bomb is a {@link
 * org.posthorn.protocol.reportmail.UnreadableAttachmentException} after a bounded amount of work.
 */
@NullMarked
package org.posthorn.protocol.reportmail;

import org.jspecify.annotations.NullMarked;
