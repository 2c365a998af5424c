/**
 * Reports about mail, out and in. Out: each judged message of the day is counted under its policy domain, and after midnight UTC
 * those who ask for it get an aggregate report (RFC 9990), each destination once, over our own spool and signed; and so with TLS
 * sessions to other domains' servers (RFC 8460), whose reports are uploaded too. In: mail to the configured addresses
 * is delivered as any other, and the DMARC and TLS reports (RFC 8460) attached to it are put into the store, each once; {@link
 * org.posthorn.reporting.DmarcSummary} says what they mean.
 *
 * <p>Reporting never delays or loses mail: what is counted waits in memory for a batch, what comes in is read by a thread of its own,
 * both bounded; what does not fit, and what the store cannot take, is counted, logged and let go. The store is one SQLite file; a
 * destination is marked as having its report after the mail is on stable storage or the web server has taken it, so a crash between the two sends it again under the same id (RFC 9990
 * 3.5.1). Out-of-the-way destinations are tried for a week, in ever longer intervals.
 */
@NullMarked
package org.posthorn.reporting;

import org.jspecify.annotations.NullMarked;
