/**
 * SMTP TLS reports (RFC 8460): what a sender of mail met when it connected to a domain's servers. Read leniently, written as the RFC
 * has them, and the TXT record that asks for them. Pure: text in, values out.
 *
 * <p>Limits: 4 MiB of JSON, 1,000 policies, 10,000 failures in all, 100 strings of a list, 1,000 characters of a text. What is no
 * report or is beyond a limit is a {@link org.posthorn.protocol.tlsrpt.TlsReportSyntaxException} with the reason.
 */
@NullMarked
package org.posthorn.protocol.tlsrpt;

import org.jspecify.annotations.NullMarked;
