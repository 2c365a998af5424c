/**
 * Says where a recipient's mail goes: into a mailbox here, to the targets of an alias, or to another server.
 *
 * <p>Limits: 10 levels of aliases and 1,000 addresses out of one; a target met twice is one target. Failure: a directory
 * that cannot answer means "later", never "no such user".
 */
@NullMarked
package org.posthorn.delivery.routing;

import org.jspecify.annotations.NullMarked;
