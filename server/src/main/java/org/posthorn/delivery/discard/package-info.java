/**
 * Mail that goes nowhere because a route says so: {@code discard} throws it away, {@code error} returns it with the route's words.
 *
 * <p>Neither reaches anybody, so neither can fail, and no destination of them is ever left alone.
 */
@NullMarked
package org.posthorn.delivery.discard;

import org.jspecify.annotations.NullMarked;
