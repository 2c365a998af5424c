package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LoopsTest {
    @Test
    void namesTheDeadAndWhatFollows() {
        AtomicBoolean alive = new AtomicBoolean(true);
        Loops loops = new Loops()
                .add("the queue's timer", "nothing deferred is tried again", alive::get)
                .add("the admin socket", "commands do not reach the server", () -> true);
        assertThat(loops.faults()).isEmpty();
        alive.set(false);
        assertThat(loops.faults())
                .containsExactly("the queue's timer has died: nothing deferred is tried again;"
                        + " restart the server and report its log");
    }
}
