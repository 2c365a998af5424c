/**
 * The ways of a message. The interfaces here are what a session (SMTP, submission, LMTP) sees of them:
 * {@link org.posthorn.flow.MessageIntake} decides about sender and recipients and takes the data;
 * {@code flow.inbound} and {@code flow.submission} implement it. What comes out of the queue is delivered by
 * {@code flow.localdelivery} and {@code flow.remotedelivery}, by the word of {@code flow.routing}; what cannot be delivered
 * goes back through {@code flow.bounce}.
 */
@NullMarked
package org.posthorn.flow;

import org.jspecify.annotations.NullMarked;
