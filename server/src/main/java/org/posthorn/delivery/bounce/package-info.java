/**
 * Delivery status notifications back into the queue, for mail that failed or is late (RFC 3464, RFC 5321 6.1).
 *
 * <p>A notification has the null sender, and mail with the null sender gets none, so no two servers can bounce at each
 * other. What nobody can be told about is logged, and goes to the postmaster where that is configured.
 */
@NullMarked
package org.posthorn.delivery.bounce;

import org.jspecify.annotations.NullMarked;
