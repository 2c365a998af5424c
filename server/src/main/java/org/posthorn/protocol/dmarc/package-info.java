/**
 * DMARC (RFC 9989): whether the domain that a reader sees as the author's stands behind a message, and what its owner wants done
 * where it does not.
 *
 * <p>{@link org.posthorn.protocol.dmarc.AuthorDomain} takes the domain from the From field, {@link org.posthorn.protocol.dmarc.DmarcRecord}
 * reads policy records, {@link org.posthorn.protocol.dmarc.DmarcChecker} finds them and judges. Organizational domains are found by the DNS
 * tree walk of RFC 9989 4.10, or, where an operator prefers RFC 7489, by the
 * {@link org.posthorn.protocol.dmarc.PublicSuffixList}, which is carried along under its own licence (MPL-2.0).
 *
 * <p>Pure but for the {@link org.posthorn.dns.Resolver}. Limits: 8 look-ups for each domain, 20 authenticated domains looked at, 100 tags of a record,
 * 20 report addresses of each kind, 100 authors. Failure: a look-up that fails gives temperror where the answer would have mattered;
 * nothing here throws on foreign input.
 */
@NullMarked
package org.posthorn.protocol.dmarc;

import org.jspecify.annotations.NullMarked;
