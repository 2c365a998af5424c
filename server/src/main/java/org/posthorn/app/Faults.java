package org.posthorn.app;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.posthorn.mail.Domain;

/** What is wrong with the running server at present, a line each, for {@code /healthz}. Thread-safe. */
record Faults(Stores stores, InForce inForce, Ports ports, Loops loops) implements Supplier<List<String>> {
    @Override
    public List<String> get() {
        DataDirectory data = stores.opened().data();
        return Stream.<Supplier<List<String>>>of(
                        stores.spool()::faults,
                        stores.mailboxes()::faults,
                        () -> Health.spool(stores.opened().queue().directory()),
                        this::disk,
                        () -> Health.domains(stores.directory().domains()),
                        () -> Health.signingKeys(
                                domains().flatMap(domain -> inForce.get().signing().apply(domain).stream())),
                        () -> Health.withoutKeys(domains()
                                .filter(domain -> inForce.get().signing().isWithoutKeys(domain))),
                        () -> Health.mailboxes(stores.opened().maildir().directory()),
                        () -> Health.directory(data.directory()),
                        () -> Health.keyStates(data.keyStates()),
                        () -> inForce.get().certificateFaults(),
                        stores.log()::faults,
                        loops::faults,
                        ports::faults)
                .flatMap(some -> some.get().stream())
                .toList();
    }

    private Stream<Domain> domains() {
        return stores.directory().domains().stream();
    }

    private List<String> disk() {
        long free = stores.spool().freeOctets();
        return free < stores.opened().queue().reserve()
                ? List.of("the disk of the spool is full: " + (free >> 20)
                        + " MiB are free; mail is refused with 452 until there is more than queue.reserve")
                : List.of();
    }
}
