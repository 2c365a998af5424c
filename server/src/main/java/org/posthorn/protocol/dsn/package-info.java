/**
 * Delivery status notifications: the report that tells a sender what became of a message (RFC 3464 in the wrapping of
 * RFC 6522, with non-ASCII addresses by RFC 6533), in words for people and in fields for programs. Pure: time, random
 * text and the original message are given.
 *
 * <p>Limits: texts of servers are cut to 1,000 characters and stripped of control characters; of the original at most a
 * given number of octets is returned, whole or its header only.
 *
 * <p>Of mail that comes in, {@link org.posthorn.protocol.dsn.AutomaticMailParser} says whether a machine wrote it because of another
 * message: bounces with and without status fields, complaints, automatic answers. It reads at most 256 KiB of fields, 1,000
 * recipients and 32 KiB of text; there is no message that it refuses.
 */
@NullMarked
package org.posthorn.protocol.dsn;

import org.jspecify.annotations.NullMarked;
