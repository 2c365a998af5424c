package org.posthorn.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.directory.DirectoryException;
import org.posthorn.mail.Address;

class CommandTableTest {
    private final CommandTable table = new CommandTable()
            .add("reload", 0, 1, arguments -> AdminReply.done("reload " + arguments))
            .add("queue show", 1, 2, arguments -> AdminReply.done("show " + arguments))
            .add(
                    "address",
                    1,
                    1,
                    arguments ->
                            AdminReply.done(Address.parse(arguments.getFirst()).toString()))
            .add("fail", 0, 0, _ -> {
                throw new DirectoryException("no such domain");
            });

    private AdminReply run(String... words) {
        return table.run(List.of(words));
    }

    @Test
    void findsCommandsOfOneAndOfTwoWords() {
        assertThat(run("reload")).isEqualTo(AdminReply.done("reload []"));
        assertThat(run("reload", "x")).isEqualTo(AdminReply.done("reload [x]"));
        assertThat(run("queue", "show", "x", "y")).isEqualTo(AdminReply.done("show [x, y]"));
        assertThat(run("queue")).isEqualTo(AdminReply.failed("no such command here: queue"));
        assertThat(run("queue", "sow", "x")).isEqualTo(AdminReply.failed("no such command here: queue sow"));
        assertThat(run()).isEqualTo(AdminReply.failed("no such command here: "));
    }

    @Test
    void countsArguments() {
        AdminReply wrong = AdminReply.failed("wrong number of arguments");
        assertThat(run("reload", "x", "y")).isEqualTo(wrong);
        assertThat(run("queue", "show")).isEqualTo(wrong);
        assertThat(run("queue", "show", "x", "y", "z")).isEqualTo(wrong);
    }

    @Test
    void whatIsWrongWithTheArgumentsIsTheAnswer() {
        assertThat(run("fail")).isEqualTo(AdminReply.failed("no such domain"));
        AdminReply malformed = run("address", "@");
        assertThat(malformed.ok()).isFalse();
        assertThat(malformed.message()).isNotEmpty();
    }
}
