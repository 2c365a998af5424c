/**
 * The grammar of POP3 (RFC 1939, 2449, 2595, 5034): commands and the form of a message on the wire. Pure: no sockets, no files, no
 * clock. Malformed input throws {@link org.posthorn.protocol.pop3.Pop3SyntaxException} and nothing else.
 */
@NullMarked
package org.posthorn.protocol.pop3;

import org.jspecify.annotations.NullMarked;
