/**
 * Posthorn, the mail server of one organisation in one program. This package holds the program's {@code main} and its
 * wiring: plain constructors, and the only place that knows all parts. Each package below is a layer; which may import
 * which is kept by {@code ArchitectureTest}. A part that cannot start ends the program with a line that says why.
 */
@NullMarked
package org.posthorn;

import org.jspecify.annotations.NullMarked;
