/** The structure of a message (RFC 2045, 2046) with byte ranges; nothing but ranges is kept in memory. Pure. */
@NullMarked
package org.posthorn.mail.mime;

import org.jspecify.annotations.NullMarked;
