/**
 * The keys that sign outgoing mail, and who signs with which of them (RFC 6376, RFC 8463).
 *
 * <p>{@link org.posthorn.signing.DkimKeyRing} has the keys: PEM files in a folder, and the state of each in a SQLite file of its own. Which
 * domains are ours it asks whoever knows; so it does not matter where the directory keeps them. {@link org.posthorn.signing.SigningTable} says
 * which keys sign for a domain, those of the configuration included, and {@link org.posthorn.signing.DkimSigners} signs.
 *
 * <p>Limits: 20 keys of a domain that are not withdrawn. Failure: a change that cannot be made is a {@link
 * org.posthorn.signing.DkimKeyException} whose text is for the administrator; a key that cannot be read is left out, and mail is refused for
 * now where no other is left.
 */
@NullMarked
package org.posthorn.signing;

import org.jspecify.annotations.NullMarked;
