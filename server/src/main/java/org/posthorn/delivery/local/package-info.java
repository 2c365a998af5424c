/**
 * Final delivery into the mailboxes of this machine (RFC 5321 4.4): the envelope's sender is kept in Return-Path, the account in
 * Delivered-To, by which mail that comes round again is recognised. Repeating a delivery after a crash does nothing. Of a bounce
 * that was delivered, the log says whom it is about ({@link org.posthorn.delivery.local.BounceLog}).
 *
 * <p>Failure: an unknown account, a loop and a message that a mailbox can never take are final; everything else, what we do not
 * understand included, is tried again.
 */
@NullMarked
package org.posthorn.delivery.local;

import org.jspecify.annotations.NullMarked;
