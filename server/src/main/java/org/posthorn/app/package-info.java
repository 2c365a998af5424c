/**
 * The wiring: plain constructors, and the only place that knows all parts. {@link org.posthorn.app.Server} is their life,
 * {@link org.posthorn.app.Configuration} what the owner asked for, {@link org.posthorn.app.Services} and
 * {@link org.posthorn.app.Ports} what listens, {@link org.posthorn.app.LocalProgram} what the command line gets. A part that cannot
 * start ends the program with a line that says why.
 */
@NullMarked
package org.posthorn.app;

import org.jspecify.annotations.NullMarked;
