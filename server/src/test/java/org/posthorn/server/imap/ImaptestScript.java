package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One scripted case of imaptest, and how to play it. */
final class ImaptestScript {
    private static final Set<String> STATUSES = Set.of("ok", "no", "bad", "\"\"");

    private final Map<String, String> header = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> messages;
    private final Map<String, String> variables = new HashMap<>();
    private final Map<Integer, ImapClient> clients = new HashMap<>();
    /** Expected untagged responses of commands sent together: one for each. */
    private final List<String> pipelined = new ArrayList<>();

    private int nextMessage;

    ImaptestScript(Path file) throws IOException {
        Path own = file.resolveSibling(file.getFileName() + ".mbox");
        messages = mbox(Files.exists(own) ? own : file.resolveSibling("default.mbox"));
        StringBuilder block = new StringBuilder();
        boolean inHeader = true;
        for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            if (block.isEmpty() && (line.startsWith("#") || line.isBlank())) {
                // The header ends at the first empty line after it.
                inHeader &= line.startsWith("#") || header.isEmpty();
                continue;
            }
            if (inHeader && block.isEmpty() && line.matches("[a-z_]+: .*")) {
                header.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
                continue;
            }
            inHeader = false;
            block.append(block.isEmpty() ? "" : "\n").append(line);
            if (count(block, "{{{") == count(block, "}}}")) {
                lines.add(block.toString());
                block.setLength(0);
            }
        }
    }

    private static int count(StringBuilder text, String what) {
        return text.toString().split(java.util.regex.Pattern.quote(what), -1).length;
    }

    private static List<String> mbox(Path file) throws IOException {
        List<String> messages = new ArrayList<>();
        for (String part : ("\n" + Files.readString(file, StandardCharsets.ISO_8859_1)).split("\nFrom .*\n", -1)) {
            if (!part.isBlank()) {
                messages.add((part.endsWith("\n") ? part : part + "\n").replace("\n", "\r\n"));
            }
        }
        return messages;
    }

    List<String> capabilities() {
        String needed = header.getOrDefault("capabilities", "");
        return needed.isBlank()
                ? List.of()
                : List.of(needed.toUpperCase(Locale.ROOT).split(" ", -1));
    }

    void play(ImapFixture server) throws IOException {
        variables.putAll(
                Map.of("mailbox", "imaptest", "user", "alice", "username", "alice", "domain", "posthorn.test"));
        String state = header.getOrDefault("state", "selected");
        prepare(server, state);
        for (int i = 1; i <= Integer.parseInt(header.getOrDefault("connections", "1")); i++) {
            ImapClient client = server.connect();
            client.response();
            clients.put(i, client);
            if (!state.equals("nonauth")) {
                client.ok("LOGIN alice secret");
            }
            if (state.equals("selected")) {
                client.ok("SELECT imaptest");
            }
        }
        int next = 0;
        while (next < lines.size()) {
            next = step(next);
        }
        for (ImapClient client : clients.values()) {
            client.close();
        }
    }

    private void prepare(ImapFixture server, String state) throws IOException {
        try (ImapClient client = server.connect().login("alice")) {
            if (state.equals("nonauth") || state.equals("auth")) {
                return;
            }
            client.ok("CREATE imaptest");
            if (state.equals("created")) {
                return;
            }
            String wanted = header.getOrDefault("messages", "all");
            int count = wanted.equals("all") ? messages.size() : Integer.parseInt(wanted);
            for (int i = 0; i < count; i++) {
                client.append("imaptest", "", messages.get(i % messages.size()));
            }
        }
    }

    /** Plays the command at a line and checks what is expected after it; returns the line after these. */
    private int step(int index) throws IOException {
        String line = lines.get(index);
        int connection = 1;
        if (line.matches("(?s)\\d+ .*")) {
            connection = Integer.parseInt(line.substring(0, line.indexOf(' ')));
            line = line.substring(line.indexOf(' ') + 1);
        }
        String first = line.substring(0, line.contains(" ") ? line.indexOf(' ') : line.length());
        ImapClient client = clients.get(connection);
        if (first.startsWith("tag") && line.matches("tag\\d+ (ok|no|bad)")) {
            List<String> responses = client.untilTagged(first);
            assertThat(responses.getLast().toLowerCase(Locale.ROOT))
                    .startsWith("x " + line.substring(line.indexOf(' ') + 1));
            check(line, List.of(pipelined.isEmpty() ? "? nothing" : pipelined.removeFirst()), responses);
            return index + 1;
        }
        if (first.startsWith("tag")) {
            client.send(first + " " + command(line.substring(first.length() + 1)) + "\r\n");
            int next = index + 1;
            while (next < lines.size() && lines.get(next).matches("(?s)[*!?] .*")) {
                pipelined.add(lines.get(next++));
            }
            return next;
        }
        boolean statusFirst = STATUSES.contains(first);
        String command = command(statusFirst ? line.substring(first.length() + 1) : line);
        List<String> responses = client.command(command);
        int next = index + 1;
        if (statusFirst) {
            assertStatus(line, first, responses);
        } else {
            String expected = lines.get(next++).replaceFirst("^\\d+ ", "");
            assertStatus(line + " -> " + expected, expected.substring(0, expected.indexOf(' ')), responses);
            String wanted = expected.substring(expected.indexOf(' ') + 1);
            List<ImaptestArgs.Arg> tagged = ImaptestArgs.parse(
                    responses.getLast().substring(responses.getLast().indexOf(' ', 2) + 1));
            assertThat(ImaptestArgs.matches(ImaptestArgs.parse(wanted), tagged, variables, false))
                    .as(line + "\n -> " + responses + "\n expected " + wanted)
                    .isTrue();
        }
        List<String> expectations = new ArrayList<>();
        while (next < lines.size() && lines.get(next).matches("(?s)[*!?] .*")) {
            expectations.add(lines.get(next++));
        }
        check(line, expectations, responses);
        return next;
    }

    private void assertStatus(String line, String status, List<String> responses) {
        if (!status.equals("\"\"")) {
            assertThat(responses.getLast().toLowerCase(Locale.ROOT)).as(line).startsWith("x " + status + " ");
        }
    }

    private String command(String text) {
        String command = text;
        if (command.equals("append") || (command.startsWith("append ") && !command.contains("{{{"))) {
            String rest = command.length() > 7 ? command.substring(7) : "$mailbox";
            String message = messages.get(nextMessage++ % messages.size());
            return "append " + ImaptestArgs.substitute(rest, variables) + " {" + message.length() + "+}\r\n" + message;
        }
        while (command.contains("{{{")) {
            int from = command.indexOf("{{{\n");
            int to = command.indexOf("\n}}}", from);
            String literal = command.substring(from + 4, to).replace("\n", "\r\n");
            command = command.substring(0, from) + "{" + literal.length() + "+}\r\n" + literal
                    + command.substring(to + 4);
        }
        return ImaptestArgs.substitute(command, variables);
    }

    /** Each expected response must be among those that came; {@code !} ones must not. */
    private void check(String line, List<String> expectations, List<String> responses) {
        List<String> open = new ArrayList<>(expectations);
        List<Integer> now = new ArrayList<>();
        for (int i = 0; i <= 100; i++) {
            now.add(i);
        }
        for (String response : responses.subList(0, responses.size() - 1)) {
            Map<String, String> withNumbers = variables;
            for (int i = 1; i <= 100; i++) {
                withNumbers.put(Integer.toString(i), Integer.toString(now.get(i)));
            }
            List<ImaptestArgs.Arg> actual = ImaptestArgs.parse(response.substring(2));
            for (String expected : List.copyOf(open)) {
                boolean exact = response.startsWith("* SEARCH");
                if (ImaptestArgs.matches(ImaptestArgs.parse(expected.substring(2)), actual, variables, exact)) {
                    assertThat(expected).as(line + "\n came " + response).doesNotStartWith("!");
                    open.remove(expected);
                    break;
                }
            }
            if (response.endsWith(" EXPUNGE")) {
                int gone = Integer.parseInt(response.substring(2, response.indexOf(' ', 2)));
                now.replaceAll(n -> n == gone ? -1 : n > gone ? n - 1 : n);
            }
        }
        assertThat(open.stream().filter(e -> e.startsWith("*")))
                .as(line + "\n responses: " + responses)
                .isEmpty();
    }
}
