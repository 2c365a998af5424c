/**
 * The commands that have no type of their own in {@code org.posthorn.admin} yet: words in, rows out.
 *
 * <p>Failure: a command that cannot be done answers with one line that says why; nothing is half done.
 */
@NullMarked
package org.posthorn.server.admin;

import org.jspecify.annotations.NullMarked;
