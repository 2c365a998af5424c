/**
 * The command line. Commands that change or show something go to the running server through its admin socket, or work on
 * its files when it is down; {@link org.posthorn.cli.Program} is that seam. Errors are one clear line on standard error; the exit
 * status is 0 for success, 1 for what could not be done, 2 for a command that was not understood.
 */
@NullMarked
package org.posthorn.cli;

import org.jspecify.annotations.NullMarked;
