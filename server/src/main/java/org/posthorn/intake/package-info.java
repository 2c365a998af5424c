/**
 * Before the queue. The interfaces here are what a session (SMTP, submission, LMTP) sees of it:
 * {@link org.posthorn.intake.MessageIntake} decides about sender and recipients and takes the data;
 * {@code intake.inbound} (mail from elsewhere) and {@code intake.submission} (mail of our accounts) implement it.
 * {@code intake.authentication} says what SPF, DKIM, ARC and DMARC make of a message.
 */
@NullMarked
package org.posthorn.intake;

import org.jspecify.annotations.NullMarked;
