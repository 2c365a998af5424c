/**
 * Rotates DKIM keys: they are made, published, waited for, used, retired and withdrawn.
 *
 * <p>{@link org.posthorn.signing.rotation.RotationSchedule} decides, from a domain's keys and the time, what is to be done next; it
 * is pure. {@link org.posthorn.signing.rotation.KeyRotation} asks it at intervals and does it. Rotation is without an outage: a new key signs
 * only once every authoritative server of the domain and recursion show its record, until then the old one goes on; the
 * old record stays in DNS while mail that it signed may be under way (RFC 6376 3.6.1: an empty p= then revokes it). If the
 * owner wants it, the old private key is published with the revocation, so that nobody can prove by an old signature
 * what was written.
 *
 * <p>Failure: a domain whose DNS cannot be asked or changed is left as it is, logged, and tried again at the next interval. Every state is
 * on stable storage before the next step, and each step can be done twice.
 */
@NullMarked
package org.posthorn.signing.rotation;

import org.jspecify.annotations.NullMarked;
