/**
 * Verdicts as commands, for any administrator: on files or single questions, with a zone file in place of the network if wished, one
 * by one or as a batch in which a JSON object asks and one answers. The options of a command line and the members of such an
 * object are the same, so a {@link org.posthorn.cli.check.Check} sees only the object.
 *
 * <p>Limits: a batch is answered line by line, and a line has at most 16 Mi characters; of a message the header is kept, 8 MiB at most, and the body goes by; the last few zone files and lists are kept. Exit status 0
 * for a verdict, whatever it says, 2 for input that is of no use, with one line on standard error; in a batch that is {@code
 * {"error": "..."}} and the next line is answered.
 */
@NullMarked
package org.posthorn.cli.check;

import org.jspecify.annotations.NullMarked;
