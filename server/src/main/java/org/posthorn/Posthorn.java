package org.posthorn;

import java.io.IOException;
import org.posthorn.app.LocalProgram;
import org.posthorn.cli.PosthornCommand;
import org.posthorn.storage.OwnerOnly;

/** The program. {@link org.posthorn.app} wires the parts; {@link org.posthorn.cli} is the command line. */
public final class Posthorn {
    private Posthorn() {}

    public static void main(String[] args) throws IOException {
        OwnerOnly.byDefault();
        int status = PosthornCommand.run(new LocalProgram(), args);
        // Also ends what libraries may have left running.
        System.exit(status);
    }
}
