package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.admin.QueueAlone;

/** What a command line of the queue asks for. */
class QueueCommandLineTest implements QueueAdmin {
    private final List<Object> asked = new ArrayList<>();
    private final Program program = (Program)
            Proxy.newProxyInstance(Program.class.getClassLoader(), new Class<?>[] {Program.class}, (_, method, _) -> {
                assertThat(method.getName()).isEqualTo("admin");
                return new QueueAlone(List::of, this);
            });

    @Override
    public int list(String filter, int limit, Consumer<Message> each) {
        asked.add(filter + " " + limit);
        return 0;
    }

    @Override
    public Details show(String id) {
        throw new AssertionError(id);
    }

    @Override
    public Changed change(Change change, Selection selection) {
        asked.add(change + " " + selection);
        return new Changed(1, List.of());
    }

    private int run(String... words) {
        return PosthornCommand.run(program, words);
    }

    @Test
    void passesIdsAndSelections() {
        assertThat(run("queue", "delete", "A", "B")).isZero();
        assertThat(run("queue", "hold", "--to-domain", "far.test", "--sender", "<>"))
                .isZero();
        assertThat(run("queue", "release", "--all")).isZero();
        assertThat(run("queue", "retry", "all")).isZero();
        assertThat(run("queue", "retry", "far.test")).isZero();
        assertThat(run("queue", "retry", "F0000000000")).isZero();
        assertThat(run("queue", "flush")).isZero();
        assertThat(asked)
                .containsExactly(
                        "DELETE " + new Selection.Ids(List.of("A", "B")),
                        "HOLD " + new Selection.Matching(Optional.of("far.test"), Optional.of("<>")),
                        "RELEASE " + new Selection.All(),
                        "RETRY " + new Selection.All(),
                        "RETRY " + new Selection.Destination("far.test"),
                        "RETRY " + new Selection.Ids(List.of("F0000000000")),
                        "RETRY " + new Selection.All());
    }

    @Test
    void wantsOneWayOfNaming() {
        assertThat(run("queue", "delete")).isEqualTo(2);
        assertThat(run("queue", "delete", "A", "--all")).isEqualTo(2);
        assertThat(run("queue", "hold", "--all", "--sender", "a@b.test")).isEqualTo(2);
        assertThat(asked).isEmpty();
    }

    @Test
    void passesTheLengthOfTheList() {
        assertThat(run("queue", "list")).isZero();
        assertThat(run("queue", "list", "--limit", "5", "far.test")).isZero();
        assertThat(run("queue", "list", "held", "--all")).isZero();
        assertThat(run("queue", "list", "--all", "--limit", "5")).isEqualTo(2);
        assertThat(run("queue", "list", "--limit", "0")).isEqualTo(2);
        assertThat(asked).containsExactly(" 1000", "far.test 5", "held " + Integer.MAX_VALUE);
    }
}
