/** The protocols we serve, a package each: a session class, and a class for each command. None knows another. */
@NullMarked
package org.posthorn.server;

import org.jspecify.annotations.NullMarked;
