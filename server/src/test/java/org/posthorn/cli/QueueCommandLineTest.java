package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.server.admin.AdminReply;

/** Which words a command line of the queue becomes. */
class QueueCommandLineTest {
    private final List<Object> asked = new ArrayList<>();
    private final Program program = (Program) Proxy.newProxyInstance(
            Program.class.getClassLoader(), new Class<?>[] {Program.class}, (_, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("administer");
                asked.add(arguments[1]);
                return AdminReply.done("");
            });

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
        assertThat(asked)
                .containsExactly(
                        List.of("queue", "delete", "A", "B"),
                        List.of("queue", "hold", "--to-domain", "far.test", "--sender", "<>"),
                        List.of("queue", "release", "--all"),
                        List.of("queue", "retry", "all"));
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
        assertThat(asked)
                .containsExactly(
                        List.of("queue", "list"),
                        List.of("queue", "list", "--limit", "5", "far.test"),
                        List.of("queue", "list", "--all", "held"));
    }
}
