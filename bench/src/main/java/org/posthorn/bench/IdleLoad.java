package org.posthorn.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Logged-in IMAPS connections that wait in IDLE. */
final class IdleLoad implements Closeable {
    private final List<Wire> connections = new ArrayList<>();

    static IdleLoad open(Target target, int count) throws IOException {
        IdleLoad load = new IdleLoad();
        try {
            for (int i = 0; i < count; i++) {
                Wire wire = new Wire(target.imaps(), true);
                load.connections.add(wire);
                wire.line();
                load.command(wire, "a LOGIN " + target.user(i) + " " + target.password(i), "a OK");
                load.command(wire, "b SELECT INBOX", "b OK");
                load.command(wire, "c IDLE", "+");
            }
            return load;
        } catch (IOException e) {
            load.close();
            throw e;
        }
    }

    int size() {
        return connections.size();
    }

    private void command(Wire wire, String command, String expected) throws IOException {
        wire.send(command + "\r\n");
        wire.flush();
        String line = wire.line();
        while (!line.startsWith(expected)) {
            if (line.startsWith(command.substring(0, 2))) {
                throw new IOException(command + ": " + line);
            }
            line = wire.line();
        }
    }

    @Override
    public void close() {
        for (Wire wire : connections) {
            try {
                wire.close();
            } catch (IOException e) {
                // The measurement is over.
            }
        }
    }
}
