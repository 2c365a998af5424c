/**
 * What the administrator and the monitoring see of a running server: a Unix socket that takes commands
 * ({@link org.posthorn.server.admin.AdminSocket}, mode 0600: who can open it may do everything), and a small web port with
 * {@code /healthz} and {@code /metrics} ({@link org.posthorn.server.admin.StatusServer}).
 *
 * <p>Limits: a request has at most 64 words, a reply at most 100,000 rows; one request a connection, 10 seconds to send it.
 * Failure: a command that cannot be done answers with one line that says why; nothing is half done.
 */
@NullMarked
package org.posthorn.server.admin;

import org.jspecify.annotations.NullMarked;
