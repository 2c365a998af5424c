/**
 * Posthorn, the mail server of one organisation in one program. This package holds the program's {@code main}; each package below is a
 * layer, and which may import which is kept by {@code ArchitectureTest}.
 */
@NullMarked
package org.posthorn;

import org.jspecify.annotations.NullMarked;
