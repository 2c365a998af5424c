package org.posthorn.server.http;

import java.io.IOException;

/** Answers requests; called on a virtual thread of its own for each. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers one request.
     *
     * @throws IOException the client has gone, or is too slow
     * @throws BadRequestException the request is not one that can be understood, or is too large
     */
    void handle(Exchange exchange) throws IOException;
}
