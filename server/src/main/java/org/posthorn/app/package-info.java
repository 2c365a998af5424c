/**
 * The wiring: plain constructors, and the only place that knows all parts. {@link org.posthorn.app.Configuration} is what the owner asked
 * for, {@link org.posthorn.app.Stores} what is opened once in the {@link org.posthorn.app.DataDirectory},
 * {@link org.posthorn.app.Assembly} all that is made from one configuration, {@link org.posthorn.app.Reload} puts another in its place;
 * {@link org.posthorn.app.Protocols} lists what is served, {@link org.posthorn.app.Ports} listens, {@link org.posthorn.app.Server} is the
 * life of it all, {@link org.posthorn.app.LocalProgram} what the command line gets. A part that cannot start ends the program with a line
 * that says why.
 */
@NullMarked
package org.posthorn.app;

import org.jspecify.annotations.NullMarked;
