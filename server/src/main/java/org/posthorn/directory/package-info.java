/**
 * Domains, accounts, credentials and aliases of the organisation. {@link org.posthorn.directory.Directory} answers
 * what sessions and routing ask; {@link org.posthorn.directory.DirectoryEditor} is what the administration changes.
 *
 * <p>{@link org.posthorn.directory.LocalDirectory} keeps both in one SQLite file and answers look-ups from an immutable
 * snapshot in memory, so that a recipient check costs no I/O. Passwords are kept as an Argon2id hash (RFC 9106) and
 * as SCRAM-SHA-256 keys (RFC 5802), never in the clear and never in the log.
 *
 * <p>Addresses are looked up without regard to case. {@code user+detail@domain} is {@code user@domain} unless an entry of
 * its own exists. {@code postmaster}, {@code abuse} and {@code mailer-daemon} of each local domain always exist (RFC 5321 4.5.1, RFC 2142):
 * where they are neither account nor alias their mail goes to the domain's first account, or to the first account of
 * all.
 *
 * <p>Limits: an alias has at most 1,000 targets. Failure: a change that cannot be made is a
 * {@link org.posthorn.directory.DirectoryException} whose text is for the administrator; look-ups do not fail.
 */
@NullMarked
package org.posthorn.directory;

import org.jspecify.annotations.NullMarked;
