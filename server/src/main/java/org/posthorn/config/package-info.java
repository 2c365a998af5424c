/**
 * The configuration file: TOML, read whole and judged whole. Each package owns its record of settings and reads it from a
 * {@link org.posthorn.config.Section}; whatever is wrong is collected with key and line, and reported all at once. A
 * key that nobody asked for is an error, with the key that was probably meant.
 */
@NullMarked
package org.posthorn.config;

import org.jspecify.annotations.NullMarked;
