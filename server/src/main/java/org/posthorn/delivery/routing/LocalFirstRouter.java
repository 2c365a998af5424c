package org.posthorn.delivery.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.directory.Directory;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.Resolution;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Router;

/** Routes to mailboxes and aliases of the directory first, everything else by static routes or by the domain. Thread-safe. */
public final class LocalFirstRouter implements Router {
    /** Aliases of aliases. */
    static final int MAX_LEVELS = 10;

    /** Addresses that one alias may come to. */
    static final int MAX_TARGETS = 1000;

    private final Directory directory;
    private final StaticRoutes routes;
    private final MailLog log;

    public LocalFirstRouter(Directory directory, StaticRoutes routes, MailLog log) {
        this.directory = directory;
        this.routes = routes;
        this.log = log;
    }

    @Override
    public Route route(Address recipient) {
        return route(recipient, true);
    }

    /** The same, and nothing is logged about targets that lead nowhere: for intake, which asks long before the queue does. */
    public Route preview(Address recipient) {
        return route(recipient, false);
    }

    private Route route(Address recipient, boolean tell) {
        try {
            if (directory.domains().isEmpty()) {
                // The directory is lost, or not set up yet; our own mail would look like everybody else's.
                return new Route.Unknown(
                        "4.3.5", "This server has no domain: see `posthorn domain add`, or restore directory.db");
            }
            return new Expansion(recipient, tell).route();
        } catch (DirectoryException e) {
            log.failure(MailLog.Level.WARNING, "qmgr", "", "directory-unavailable", e, "recipient", recipient);
            return new Route.Unknown("4.3.5", "The directory is not available");
        }
    }

    /** The targets of one recipient, found level by level. */
    private final class Expansion {
        private final Address recipient;
        private final boolean tell;
        private final Map<String, Hop> hops = new LinkedHashMap<>();
        private final Set<Address> seen = new LinkedHashSet<>();
        private final List<Address> unknown = new ArrayList<>();

        Expansion(Address recipient, boolean tell) {
            this.recipient = recipient;
            this.tell = tell;
        }

        Route route() {
            List<Address> level = List.of(recipient);
            for (int depth = 0; !level.isEmpty(); depth++) {
                if (depth > MAX_LEVELS) {
                    return new Route.Unroutable(
                            "5.4.6", "Aliases of " + recipient + " go round in circles or too deep");
                }
                List<Address> next = new ArrayList<>();
                for (Address address : level) {
                    if (seen.add(address.canonical())) {
                        next.addAll(step(address));
                    }
                    if (seen.size() > MAX_TARGETS || next.size() > MAX_TARGETS) {
                        return new Route.Unroutable("5.3.4", "Alias " + recipient + " has too many targets");
                    }
                }
                level = next;
            }
            if (hops.isEmpty()) {
                return unknown.isEmpty()
                        // Aliases that only point at each other.
                        ? new Route.Unroutable("5.4.6", "Alias " + recipient + " leads back to itself")
                        : new Route.Unroutable("5.1.1", "No such user here: " + unknown.getFirst());
            }
            // The alias's other targets shall not suffer; its owner finds this in the log.
            unknown.stream()
                    .filter(_ -> tell)
                    .forEach(address ->
                            log.warning("qmgr", "", "alias-target-unknown", "alias", recipient, "target", address));
            return new Route.To(List.copyOf(hops.values()));
        }

        /** Notes where the address leads; the addresses that stand in its place. */
        private List<Address> step(Address address) {
            return switch (directory.resolve(address)) {
                case Resolution.Mailbox(Address account) -> {
                    String name = account.toString();
                    hops.putIfAbsent("local " + name, new Hop(Destination.mailbox(name), address));
                    yield List.of();
                }
                case Resolution.Forward(List<Address> targets) -> targets;
                case Resolution.UnknownUser _ -> {
                    unknown.add(address);
                    yield List.of();
                }
                case Resolution.NotLocal _ -> {
                    hops.putIfAbsent("remote " + address, new Hop(routes.destination(address.domain()), address));
                    yield List.of();
                }
            };
        }
    }
}
