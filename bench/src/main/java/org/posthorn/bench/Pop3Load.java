package org.posthorn.bench;

import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** Downloads everything from the first maildrops, one session each. */
final class Pop3Load {
    private Pop3Load() {}

    /** Returns the number of messages fetched. */
    static long run(Target target, int sessions) throws InterruptedException, ExecutionException {
        return Sessions.run(sessions, i -> () -> {
            try (Wire wire = new Wire(target.pop3(), false)) {
                ok(wire);
                command(wire, "USER " + target.user(i));
                command(wire, "PASS " + target.password(i));
                long count = Long.parseLong(command(wire, "STAT").split(" ", -1)[1]);
                for (long k = 1; k <= count; k++) {
                    command(wire, "RETR " + k);
                    wire.skipToDot();
                }
                command(wire, "QUIT");
                return count;
            }
        });
    }

    private static String command(Wire wire, String command) throws IOException {
        wire.send(command + "\r\n");
        wire.flush();
        return ok(wire);
    }

    private static String ok(Wire wire) throws IOException {
        String line = wire.line();
        if (!line.startsWith("+OK")) {
            throw new IOException("expected +OK, got: " + line);
        }
        return line;
    }
}
