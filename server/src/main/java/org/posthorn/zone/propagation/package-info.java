/**
 * Whether the world sees a DKIM key's record: at every server of its zone, or by recursion alone (decision 142).
 *
 * <p>Limits: a question to each address of the zone's servers, all at the same time, at most 30; 8 aliases. Failure: a server that does not
 * answer is told apart from one that answers without the record.
 */
@NullMarked
package org.posthorn.zone.propagation;

import org.jspecify.annotations.NullMarked;
