/**
 * What an administrator can see and do: {@link org.posthorn.admin.AdminApi}, typed requests and answers, one for the command line,
 * for scripts and for whatever comes. {@code admin.http} carries it over HTTP; the parts of a running server, or its files while it
 * is down, answer it ({@code Local...Admin}).
 *
 * <p>Failure: what cannot be done is an {@link org.posthorn.admin.AdminException} with its kind and one line that says why; nothing is
 * half done unless the line says so.
 */
@NullMarked
package org.posthorn.admin;

import org.jspecify.annotations.NullMarked;
