/**
 * The IMAP grammar: what a client may send, what the server sends back, and the rules that need neither a mailbox nor a
 * socket. Requests are assembled line by line ({@link org.posthorn.protocol.imap.RequestAssembler}), parsed into
 * {@link org.posthorn.protocol.imap.ImapCommand} records, and answered through
 * {@link org.posthorn.protocol.imap.ResponseBuffer}.
 *
 * <p>RFC 3501 (IMAP4rev1), and of its extensions RFC 2177 IDLE, 2342 NAMESPACE, 2971 ID, 3348 CHILDREN, 3691 UNSELECT,
 * 4315 UIDPLUS, 4959 SASL-IR, 5161 ENABLE, 6154 SPECIAL-USE, 6851 MOVE and 7888 LITERAL+.
 *
 * <p>Request text is held as a {@code String} of ISO 8859-1, one char per octet; what is meant as UTF-8 (search strings,
 * user names) is decoded where the grammar knows its charset.
 *
 * <p>Limits: a line and all literals of one request together 64 KiB each, search keys and lists nested 32 deep; the message
 * of APPEND never enters this package. Failure: malformed input throws
 * {@link org.posthorn.protocol.imap.ImapSyntaxException} and nothing else.
 */
@NullMarked
package org.posthorn.protocol.imap;

import org.jspecify.annotations.NullMarked;
