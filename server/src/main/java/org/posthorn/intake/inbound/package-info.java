/**
 * Mail from elsewhere: decides about sender and recipients, and takes messages into the spool.
 *
 * <p>{@link org.posthorn.intake.inbound.EnvelopePolicy} accepts mail for our own recipients and nothing else: we are never an open
 * relay. {@link org.posthorn.intake.inbound.InboundPipeline} puts the Received field before the message (RFC 5321 4.4), counts
 * those that are there (6.3), and has the spool make it durable. {@link org.posthorn.intake.inbound.InboundAuthentication} judges it
 * meanwhile and says what becomes of it; {@link org.posthorn.intake.inbound.ForwardSealer} seals what goes on to somebody
 * elsewhere (RFC 8617).
 *
 * <p>Limits: 100 Received fields, 256 KiB of header. Failure: what the spool cannot take is answered 4xx, and the client keeps it.
 */
@NullMarked
package org.posthorn.intake.inbound;

import org.jspecify.annotations.NullMarked;
