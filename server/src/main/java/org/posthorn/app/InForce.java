package org.posthorn.app;

import java.util.Optional;
import java.util.function.Supplier;

/** The assembly in force: the one reference that a reload changes. Thread-safe. */
final class InForce implements Supplier<Assembly> {
    private volatile Optional<Assembly> assembly = Optional.empty();

    /** @throws java.util.NoSuchElementException before the first was made */
    @Override
    public Assembly get() {
        return assembly.orElseThrow();
    }

    void set(Assembly next) {
        assembly = Optional.of(next);
    }

    Configuration configuration() {
        return get().configuration();
    }
}
