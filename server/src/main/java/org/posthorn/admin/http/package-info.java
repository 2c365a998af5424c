/**
 * Administration and monitoring of a running server as HTTP: {@link org.posthorn.admin.http.AdminHandler} has resources below
 * {@code /v1} on the Unix socket (mode 0600: who can open it may do everything), {@link org.posthorn.admin.http.StatusHandler}
 * {@code /healthz} and {@code /metrics} there and on the web port, and {@link org.posthorn.admin.http.AdminClient} is the other end.
 * A resource, its JSON and its client stand beside each other: {@code AccountResource}, {@code DirectoryJson}, {@code AccountClient}.
 *
 * <p>Limits: 16 requests are worked on at once, more wait for 30 seconds and are answered with 503 then; a request has 4 MiB, a file
 * with reports 10 MiB; an answer has no limit, and comes as the client takes it. Failure: a problem of RFC 9457 whose type stays the
 * same, with one line that says why.
 */
@NullMarked
package org.posthorn.admin.http;

import org.jspecify.annotations.NullMarked;
