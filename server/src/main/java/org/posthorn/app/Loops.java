package org.posthorn.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * The threads that must live as long as the server: what one of them does nobody else does. They log what fails and go on, so that a
 * dead one is a defect of ours; then a restart is better than a server that looks well. Thread-safe.
 */
final class Loops {
    private record Loop(String name, String consequence, BooleanSupplier alive) {}

    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    /**
     * Watches over a loop from now on.
     *
     * @param consequence what does not happen without it, for the administrator
     * @param alive true also before its start and after it was closed
     */
    Loops add(String name, String consequence, BooleanSupplier alive) {
        loops.add(new Loop(name, consequence, alive));
        return this;
    }

    /** Those that have died, a line each. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (Loop loop : loops) {
            if (!loop.alive().getAsBoolean()) {
                faults.add(
                        loop.name() + " has died: " + loop.consequence() + "; restart the server and report its log");
            }
        }
        return List.copyOf(faults);
    }
}
