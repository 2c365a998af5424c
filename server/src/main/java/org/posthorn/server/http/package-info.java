/**
 * HTTP (RFC 9110, RFC 9112) for those who serve something over it: ports and Unix sockets, limits, and a request with its answer as
 * plain blocking code on a virtual thread. It stands on Jetty's core, which nothing outside of this package knows
 * (docs/decisions/0200).
 *
 * <p>Limits: one request a connection; its header, and then its body, must come within 10 seconds each; a header of 8 KiB; 128
 * connections for each address listened on, more wait in the backlog; an answer of which the client takes nothing for five minutes is
 * cut. How large a body may be, and how many requests are worked on at once, is up to the handler.
 *
 * <p>Failure: a handler that throws is answered with 500 and logged; an answer that breaks off after it has begun ends without the
 * last chunk, so that the client notices.
 */
@NullMarked
package org.posthorn.server.http;

import org.jspecify.annotations.NullMarked;
