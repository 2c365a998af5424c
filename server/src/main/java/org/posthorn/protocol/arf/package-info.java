/**
 * Reports about single messages in the Abuse Reporting Format: complaints (RFC 5965), authentication failures (RFC 6591) and those
 * that a DMARC policy asks for (RFC 9991). Read leniently from the message's own MIME structure. Pure.
 *
 * <p>Limits: 64 KiB of fields, 100 fields of a name, 1,000 characters of a value, 64 KiB of the header that the report is about.
 * A message without a {@code message/feedback-report} part, or one whose part says nothing, is a {@link
 * org.posthorn.protocol.arf.FeedbackSyntaxException} with the reason.
 */
@NullMarked
package org.posthorn.protocol.arf;

import org.jspecify.annotations.NullMarked;
