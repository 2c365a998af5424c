/**
 * The protocols we serve, a package each: a session class, and a class for each command. None knows another. Each is plugged in by one
 * {@link org.posthorn.server.Protocol}: its {@link org.posthorn.server.Port}s, its configuration, and what serves connections with the
 * {@link org.posthorn.server.Services} that all share.
 */
@NullMarked
package org.posthorn.server;

import org.jspecify.annotations.NullMarked;
