/**
 * The mail log and the metrics. One line per event: a syslog-like head ({@code Nov 23 20:00:00 host posthorn/smtpd[PID]:})
 * and {@code key=value} pairs, tied together by session id and queue id; delivery lines have the form that Postfix
 * writes, so that pflogsumm and fail2ban read them. No secrets, no message content.
 *
 * <p>Writing a line costs the caller a copy into a bounded queue; one thread writes lines out in batches. When the
 * queue is full callers wait: the log loses nothing.
 */
@NullMarked
package org.posthorn.log;

import org.jspecify.annotations.NullMarked;
