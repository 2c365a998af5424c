/**
 * Sockets of TCP and of the Unix domain, made safe to talk to: listeners with connection limits, a connection that can become TLS, and the one
 * bounded reader that every session reads lines through.
 *
 * <p>Limits: every line has a maximum length, every read and write a time limit, every listener a maximum number of
 * connections in all and for one client address, and all sessions together a budget of memory. Failure: {@link java.io.IOException} ends the connection and nothing
 * else; {@link org.posthorn.net.LineException} is the client's fault and is answered by the session.
 *
 * <p>An idle connection holds no large buffer: buffers are borrowed while bytes flow and given back afterwards.
 */
@NullMarked
package org.posthorn.net;

import org.jspecify.annotations.NullMarked;
