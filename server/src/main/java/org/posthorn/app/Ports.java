package org.posthorn.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.abuse.ConnectionRate;
import org.posthorn.net.Connection;
import org.posthorn.net.ListenAddress;
import org.posthorn.net.Listener;
import org.posthorn.net.MemoryBudget;
import org.posthorn.net.SessionHandler;
import org.posthorn.net.TlsContext;

/**
 * The listeners of all services. They can be brought in line with a changed configuration while sessions go on: new connections meet
 * the new handlers, those that are open keep theirs. One thread at a time.
 */
final class Ports {

    /** Passes each connection to the handler in force when it comes. */
    private static final class CurrentHandler implements SessionHandler {
        private volatile SessionHandler current;

        CurrentHandler(SessionHandler first) {
            this.current = first;
        }

        @Override
        public void serve(Connection connection) throws IOException {
            current.serve(connection);
        }

        @Override
        public String busyGreeting() {
            return current.busyGreeting();
        }
    }

    private record Place(Service service, ListenAddress address) {}

    private final TlsContext tls;
    private final Listener.Observer observer;
    private final Map<Service, CurrentHandler> handlers = new EnumMap<>(Service.class);
    private final Map<Place, Listener> listeners = new ConcurrentHashMap<>();
    private final List<Listener> retired = new ArrayList<>();
    private final ConnectionRate rate;
    private final MemoryBudget memory = new MemoryBudget(MemoryBudget.Limits.NONE);

    Ports(TlsContext tls, Listener.Observer observer, InstantSource clock) {
        this.tls = tls;
        this.observer = observer;
        this.rate = new ConnectionRate(1, clock);
    }

    /** What listens next, bound but not in force: either {@link #commit} or {@link #close} it. */
    final class Change implements AutoCloseable {
        private final Listening listening;
        private final Map<Service, SessionHandler> services;
        private final Map<Place, Listener> wanted = new LinkedHashMap<>();
        private final List<Listener> fresh = new ArrayList<>();

        private Change(Listening listening, Map<Service, SessionHandler> services) {
            this.listening = listening;
            this.services = services;
        }

        private void bind() throws IOException {
            for (Service service : services.keySet()) {
                for (ListenAddress address : service.addresses(listening)) {
                    Place place = new Place(service, address);
                    Listener present = listeners.get(place);
                    if (present == null && !wanted.containsKey(place)) {
                        refuseToMove(address, service);
                        present = Listener.bound(
                                settings(service, address, listening),
                                handlers.computeIfAbsent(
                                        service, key -> new CurrentHandler(Objects.requireNonNull(services.get(key)))),
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
        private void refuseToMove(ListenAddress wish, Service service) throws IOException {
            for (Place place : listeners.keySet()) {
                if (collide(place.address(), wish)) {
                    throw new IOException(
                            "cannot listen on " + wish + " for " + service.key() + ": listen."
                                    + place.service().key() + " has its port now, at " + place.address()
                                    + ", and a reload does not move ports; reload without it first and then with it, or restart");
                }
            }
        }

        /** Uses it from now on; cannot fail. */
        void commit() {
            services.forEach((service, handler) ->
                    handlers.computeIfAbsent(service, _ -> new CurrentHandler(handler)).current = handler);
            rate.limit(listening.maxRatePerClient());
            memory.limit(limits(listening));
            wanted.forEach((place, listener) -> listener.limit(settings(place.service(), place.address(), listening)));
            listeners.forEach((place, listener) -> {
                if (!wanted.containsKey(place)) {
                    retire(List.of(listener));
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
    Change prepare(Listening listening, Map<Service, SessionHandler> services) throws IOException {
        Change change = new Change(listening, services);
        try {
            change.bind();
            return change;
        } catch (IOException | RuntimeException e) {
            change.close();
            throw e;
        }
    }

    /** Prepares and commits. */
    void apply(Listening listening, Map<Service, SessionHandler> services) throws IOException {
        prepare(listening, services).commit();
    }

    private static boolean collide(ListenAddress one, ListenAddress other) {
        return one instanceof ListenAddress.Tcp(InetSocketAddress present)
                && other instanceof ListenAddress.Tcp(InetSocketAddress wish)
                && Listening.collide(present, wish);
    }

    /** Sessions that are open go on until the stop. */
    private void retire(Collection<Listener> unwanted) {
        unwanted.forEach(Listener::windDown);
        retired.addAll(unwanted);
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

    Listener.Settings settings(Service service, ListenAddress address, Listening listening) {
        // The clients of a milter are MTAs, which come as often as their own clients do.
        boolean milter = service == Service.MILTER;
        return new Listener.Settings(
                service.key(),
                address,
                listening.access(),
                milter ? listening.maxMilter() : listening.maxConnections(),
                milter ? listening.maxMilterPerClient() : listening.maxPerClient(),
                listening.writeTimeout(),
                service.implicitTls() ? Optional.of(tls) : Optional.empty(),
                milter ? _ -> true : rate::admits);
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

    /** Connections open to a service now. */
    int connections(Service service) {
        return listeners.entrySet().stream()
                .filter(entry -> entry.getKey().service() == service)
                .mapToInt(entry -> entry.getValue().connections())
                .sum();
    }

    /** Whether a port has more than four fifths of the connections that it may have. */
    boolean crowded() {
        return listeners.values().stream()
                .anyMatch(listener ->
                        listener.connections() * 5L > listener.settings().maxConnections() * 4L);
    }

    /** The port that a service listens on; of several the first. */
    int port(Service service) {
        return listeners.entrySet().stream()
                .filter(entry -> entry.getKey().service() == service)
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
