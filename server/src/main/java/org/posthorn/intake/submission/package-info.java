/**
 * Mail that a signed-in account hands in (RFC 6409). {@link org.posthorn.intake.submission.SubmissionPipeline} checks that the
 * account owns MAIL FROM, every address of From, and Sender; completes Date, Message-ID and Sender; removes Bcc and
 * Return-Path; signs with all DKIM keys of the From domain, last; and puts it into the spool.
 *
 * <p>One pass: the header is held in memory until it is complete, the body streams through the body hash into the spool.
 * Limits: 256 KiB of header, 16 KiB of From and Sender, 100 Received fields. Failure: a message that may not be sent is refused with a text that says
 * what is wrong; what the spool cannot take, or what cannot be signed at present, is answered 4xx and the client keeps it.
 */
@NullMarked
package org.posthorn.intake.submission;

import org.jspecify.annotations.NullMarked;
