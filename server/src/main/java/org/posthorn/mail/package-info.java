/**
 * Values of mail: addresses, domains, envelopes, header fields, message content. Pure. Malformed input throws
 * {@link org.posthorn.mail.MalformedAddressException} and nothing else.
 */
@NullMarked
package org.posthorn.mail;

import org.jspecify.annotations.NullMarked;
