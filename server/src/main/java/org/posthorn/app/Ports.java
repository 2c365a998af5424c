package org.posthorn.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.posthorn.abuse.ConnectionRate;
import org.posthorn.net.Connection;
import org.posthorn.net.ListenAddress;
import org.posthorn.net.Listener;
import org.posthorn.net.MemoryBudget;
import org.posthorn.net.SessionHandler;
import org.posthorn.net.TlsContext;
import org.posthorn.server.Port;

/**
 * The listeners of all services. They can be brought in line with a changed configuration while sessions go on: new connections meet
 * the new handlers, those that are open keep theirs. One thread at a time.
 */
final class Ports {
    private record Place(Port port, ListenAddress address) {}

    /** Passes each connection to the handler in force when it comes. */
    private final class CurrentHandler implements SessionHandler {
        private final Port port;

        CurrentHandler(Port port) {
            this.port = port;
        }

        @Override
        public void serve(Connection connection) throws IOException {
            handlers.apply(port).serve(connection);
        }

        @Override
        public String busyGreeting() {
            return handlers.apply(port).busyGreeting();
        }
    }

    private final List<Port> all;
    private final Function<Port, SessionHandler> handlers;
    private final Listener.Observer observer;
    private final Map<Place, Listener> listeners = new ConcurrentHashMap<>();
    private final List<Listener> retired = new ArrayList<>();
    private final ConnectionRate rate;
    private final MemoryBudget memory = new MemoryBudget(MemoryBudget.Limits.NONE);

    /**
     * @param all the ports that there can be
     * @param handlers those in force, asked anew for each connection
     */
    Ports(List<Port> all, Function<Port, SessionHandler> handlers, Listener.Observer observer, InstantSource clock) {
        this.all = List.copyOf(all);
        this.handlers = handlers;
        this.observer = observer;
        this.rate = new ConnectionRate(1, clock);
    }

    /** What listens next, bound but not in force: either {@link #commit} or {@link #close} it. */
    final class Change implements AutoCloseable {
        private final Listening listening;
        private final Map<Place, Listener> wanted = new LinkedHashMap<>();
        private final List<Listener> fresh = new ArrayList<>();

        private Change(Listening listening) {
            this.listening = listening;
        }

        private void bind() throws IOException {
            for (Port port : all) {
                for (ListenAddress address : listening.of(port)) {
                    Place place = new Place(port, address);
                    Listener present = listeners.get(place);
                    if (present == null && !wanted.containsKey(place)) {
                        refuseToMove(address, port);
                        // Nobody is served before the commit, which brings the TLS.
                        present = Listener.bound(
                                settings(port, address, listening, Optional.empty()),
                                new CurrentHandler(port),
                                observer,
                                memory);
                        fresh.add(present);
                    }
                    if (present != null) {
                        wanted.put(place, present);
                    }
                }
            }
        }

        /** A port that another service has, or the same on other addresses, cannot be had beside it. */
        private void refuseToMove(ListenAddress wish, Port port) throws IOException {
            for (Place place : listeners.keySet()) {
                if (collide(place.address(), wish)) {
                    throw new IOException(
                            "cannot listen on " + wish + " for " + port + ": listen."
                                    + place.port() + " has its port now, at " + place.address()
                                    + ", and a reload does not move ports; reload without it first and then with it, or restart");
                }
            }
        }

        /**
         * Uses it from now on; cannot fail. New connections meet the handlers that are in force by then.
         *
         * @param tls for ports where it begins at once
         */
        void commit(TlsContext tls) {
            rate.limit(listening.maxRatePerClient());
            memory.limit(limits(listening));
            wanted.forEach((place, listener) ->
                    listener.limit(settings(place.port(), place.address(), listening, Optional.of(tls))));
            listeners.forEach((place, listener) -> {
                if (!wanted.containsKey(place)) {
                    retire(listener);
                }
            });
            listeners.keySet().retainAll(wanted.keySet());
            listeners.putAll(wanted);
            fresh.forEach(Listener::begin);
            fresh.clear();
        }

        /** Gives up what was bound, unless it was committed. */
        @Override
        public void close() {
            fresh.forEach(Listener::close);
        }
    }

    /**
     * Takes the ports that the configuration names and we do not have yet; no client is served there before the commit.
     *
     * @throws IOException a port is taken, or not ours to take; what was listening before goes on, and no new port stays open
     */
    Change prepare(Listening listening) throws IOException {
        Change change = new Change(listening);
        try {
            change.bind();
            return change;
        } catch (IOException | RuntimeException e) {
            change.close();
            throw e;
        }
    }

    private static boolean collide(ListenAddress one, ListenAddress other) {
        return one instanceof ListenAddress.Tcp(InetSocketAddress present)
                && other instanceof ListenAddress.Tcp(InetSocketAddress wish)
                && Listening.collide(present, wish);
    }

    /** Sessions that are open go on until the stop. */
    private void retire(Listener listener) {
        listener.windDown();
        retired.removeIf(earlier -> earlier.connections() == 0);
        retired.add(listener);
    }

    private static MemoryBudget.Limits limits(Listening listening) {
        return MemoryBudget.Limits.ofHeap(
                Runtime.getRuntime().maxMemory(),
                listening.memoryForStrangers(),
                listening.memoryForUsers(),
                listening.maxSessionsPerAccount());
    }

    /** What clients hold of the memory, over all services. */
    MemoryBudget memory() {
        return memory;
    }

    Listener.Settings settings(Port port, ListenAddress address, Listening listening, Optional<TlsContext> tls) {
        Port.Limits limits = listening.limitsOf(port);
        return new Listener.Settings(
                port.name(),
                address,
                listening.access(),
                limits.all(),
                limits.perClient(),
                listening.writeTimeout(),
                port.implicitTls() ? tls : Optional.empty(),
                port.forMtas().isPresent() ? _ -> true : rate::admits);
    }

    /** All that there can be. */
    List<Port> all() {
        return all;
    }

    /** Those of the loops that accept or watch which have died, and a shortage of memory for clients, a line each. */
    List<String> faults() {
        List<String> faults = new ArrayList<>(memory.faults());
        listeners.values().stream()
                .filter(listener -> !listener.alive())
                .map(listener -> "the listener for " + listener.settings().name() + " on "
                        + listener.settings().address() + " has died; restart the server and report its log")
                .forEach(faults::add);
        return faults;
    }

    /** Connections open to a port now. */
    int connections(Port port) {
        return listeners.entrySet().stream()
                .filter(entry -> entry.getKey().port().equals(port))
                .mapToInt(entry -> entry.getValue().connections())
                .sum();
    }

    /** Whether a port has more than four fifths of the connections that it may have. */
    boolean crowded() {
        return listeners.values().stream()
                .anyMatch(listener ->
                        listener.connections() * 5L > listener.settings().maxConnections() * 4L);
    }

    /** The number of the port that has this name; of several the first, 0 where nobody listens. */
    int number(String name) {
        return listeners.entrySet().stream()
                .filter(entry -> entry.getKey().port().name().equals(name))
                .mapToInt(entry -> entry.getValue().port())
                .findFirst()
                .orElse(0);
    }

    /** Accepts no more, lets sessions end at their next command, cuts what is left when patience is over. */
    void stop(Duration patience) {
        List<Listener> all = new ArrayList<>(listeners.values());
        all.addAll(retired);
        all.forEach(Listener::windDown);
        long deadline = System.nanoTime() + patience.toNanos();
        all.forEach(listener -> listener.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }
}
