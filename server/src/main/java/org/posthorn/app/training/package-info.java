/**
 * What the build lets the server do once, so that the JVM's cache (AOT) knows what a start needs and what is hot in it.
 */
@NullMarked
package org.posthorn.app.training;

import org.jspecify.annotations.NullMarked;
