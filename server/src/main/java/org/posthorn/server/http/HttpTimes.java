package org.posthorn.server.http;

import java.time.Duration;

/**
 * How long a client may take. What the handler takes does not count.
 *
 * @param request for the header of a request, and again for its body, whatever trickles in between
 * @param answer between two pieces of the answer that the client takes
 */
record HttpTimes(Duration request, Duration answer) {
    static final HttpTimes STANDARD = new HttpTimes(Duration.ofSeconds(10), Duration.ofMinutes(5));
}
