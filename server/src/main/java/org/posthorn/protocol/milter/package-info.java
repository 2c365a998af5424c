/**
 * The Sendmail milter protocol, versions 2 to 6, as Sendmail, Postfix and libmilter speak it: packets, the negotiation of
 * actions and steps, commands of the MTA, replies of the filter. There is no RFC; libmilter's {@code mfdef.h} is the
 * definition, Postfix's {@code milter8.c} the MTA met most.
 *
 * <p>A packet is a length (four octets, network order, the command's octet counted), a command and its data. Text is ISO
 * 8859-1, one char per octet, and ends with NUL. The body is never held: {@link
 * org.posthorn.protocol.milter.PacketHead} says how much of it follows, and the session lets it stream by.
 *
 * <p>Limits: {@link org.posthorn.protocol.milter.PacketHead#MAX_KEPT} octets of a packet that is held,
 * {@link org.posthorn.protocol.milter.PacketHead#MAX_STREAMED} of a piece of the body. Failure: what breaks the grammar is
 * a {@link org.posthorn.protocol.milter.MilterSyntaxException}, after which the framing cannot be trusted and the session
 * ends. Pure: no sockets, no files, no clock.
 */
@NullMarked
package org.posthorn.protocol.milter;

import org.jspecify.annotations.NullMarked;
