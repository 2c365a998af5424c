/**
 * Delivery to other servers: {@link org.posthorn.delivery.remote.RemoteDelivery} finds the hosts of a destination
 * (RFC 5321 5.1), talks SMTP to them in order and tells the queue what became of each recipient.
 *
 * <p>Hosts: MX records by preference, equal ones in random order; the domain's own addresses when it has no MX record,
 * and only then; a null MX (RFC 7505) and a domain that does not exist are permanent failures; a look-up that failed is
 * temporary. Hosts of our own preference or beyond are left out, so that mail never goes in circles. IPv6 and IPv4
 * addresses of a host alternate; a family that cannot be reached costs one failed connect.
 *
 * <p>Another host is tried after a failed connection, an unfriendly greeting and a temporary refusal; a permanent
 * refusal is the end. Limits: addresses tried for one message, messages over one connection, the times of RFC 5321
 * 4.5.3.2. When none of a destination's hosts can be reached, the rest of its due mail is deferred without trying.
 */
@NullMarked
package org.posthorn.delivery.remote;

import org.jspecify.annotations.NullMarked;
