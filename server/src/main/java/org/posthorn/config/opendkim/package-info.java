/**
 * OpenDKIM's configuration, read by those who come from it: {@code opendkim.conf(5)} with KeyTable and SigningTable. Nothing is
 * changed; {@link org.posthorn.config.opendkim.OpenDkimPlan} says which keys would sign for which domain, which of our settings
 * match, and what is not taken over and why. Pure: the contents of files come through a function.
 *
 * <p>Limits: lines of a file and octets of a line; what exceeds them is not read, and said so. Failure: what is not understood is a
 * remark of the plan, never an exception.
 */
@NullMarked
package org.posthorn.config.opendkim;

import org.jspecify.annotations.NullMarked;
