/**
 * What the administrator and the monitoring see of a running server, as HTTP: {@code /healthz} and {@code /metrics}
 * ({@link org.posthorn.admin.http.StatusHandler}).
 */
@NullMarked
package org.posthorn.admin.http;

import org.jspecify.annotations.NullMarked;
