package org.posthorn;

import org.posthorn.cli.PosthornCommand;

/** The program. {@link Server} wires the parts; {@link org.posthorn.cli} is the command line. */
public final class Posthorn {
    private Posthorn() {}

    public static void main(String[] args) {
        int status = PosthornCommand.run(new LocalProgram(), args);
        // Also ends what libraries may have left running.
        System.exit(status);
    }
}
