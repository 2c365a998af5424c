package org.posthorn;

import java.io.IOException;
import org.posthorn.abuse.CpuTurns;
import org.posthorn.cli.PosthornCommand;
import org.posthorn.storage.OwnerOnly;

/** The program. {@link Server} wires the parts; {@link org.posthorn.cli} is the command line. */
public final class Posthorn {
    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    private Posthorn() {}

    public static void main(String[] args) throws IOException {
        OwnerOnly.byDefault();
        // Read when the first virtual thread starts. Work that is not I/O takes turns, and never all carriers.
        if (System.getProperty(CARRIERS) == null) {
            System.setProperty(CARRIERS, Integer.toString(CpuTurns.CARRIERS));
        }
        int status = PosthornCommand.run(new LocalProgram(), args);
        // Also ends what libraries may have left running.
        System.exit(status);
    }
}
