package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A script of the Multi Protocol Tester, as far as the protocol goes: texts for people are not compared, nor is the order of
 * untagged responses, of flags, and of the items of FETCH; responses of James's own extensions are not missed.
 */
final class MptScript {
    private static final Pattern TAGGED = Pattern.compile("([^\\s*+\\\\]\\S*) (OK|NO|BAD)(?: \\\\\\[([A-Z-]+))?.*");
    private static final Pattern OWN_EXTENSIONS = Pattern.compile(".*(MAILBOXID|HIGHESTMODSEQ|RECENT$).*");
    private static final Pattern TOLERATED =
            Pattern.compile("\\* (OK .*|FLAGS .*|\\d+ (RECENT|EXISTS)|BYE .*|CAPABILITY .*"
                    // mailboxes that every account of ours has
                    + "|LIST .* \\\\(Archive|Drafts|Junk|Sent|Trash)\\) .*)");
    private static final Set<String> OWN_CODES = Set.of("MAILBOXID", "HIGHESTMODSEQ");

    private final Path file;
    private final List<String> before;
    private final int patienceMillis;
    private final Map<String, ImapClient> clients = new HashMap<>();
    private String session = "1";

    MptScript(Path file, List<String> before, int patienceMillis) {
        this.file = file;
        this.before = before;
        this.patienceMillis = patienceMillis;
    }

    void play(ImapFixture server) throws IOException {
        try {
            play(server, file, true);
        } finally {
            for (ImapClient client : clients.values()) {
                client.close();
            }
        }
    }

    private void play(ImapFixture server, Path script, boolean prelude) throws IOException {
        List<String> expected = new ArrayList<>();
        for (String line : Files.readAllLines(script, StandardCharsets.UTF_8)) {
            if (line.startsWith("S:")) {
                expected.add(line.length() > 3 ? line.substring(3) : "");
                continue;
            }
            if (line.startsWith("SUB") || line.startsWith("}") || line.isBlank() || line.startsWith("#")) {
                continue;
            }
            check(server, expected, prelude);
            if (line.startsWith("C:")) {
                String text = line.length() > 3 ? line.substring(3) : "";
                byte[] wire = text.getBytes(StandardCharsets.UTF_8);
                client(server, prelude).send(new String(wire, StandardCharsets.ISO_8859_1) + "\r\n");
            } else if (line.startsWith("SESSION:")) {
                session = line.substring(8).strip();
            } else {
                throw new IOException("directive " + line);
            }
        }
        check(server, expected, prelude);
    }

    private ImapClient client(ImapFixture server, boolean prelude) throws IOException {
        ImapClient client = clients.get(session);
        if (client == null) {
            client = server.connect();
            client.socket().setSoTimeout(patienceMillis);
            clients.put(session, client);
            if (prelude) {
                begin(server, client);
            }
        }
        return client;
    }

    private void begin(ImapFixture server, ImapClient client) throws IOException {
        if (before.contains("welcome")) {
            client.response();
        }
        if (before.contains("authenticate")) {
            client.ok("LOGIN imapuser password");
        }
        if (before.contains("select inbox")) {
            client.ok("SELECT INBOX");
        }
        if (before.contains("prepare mailbox")) {
            play(server, file.resolveSibling("SelectedStateSetup.test"), false);
        }
    }

    private void check(ImapFixture server, List<String> group, boolean prelude) throws IOException {
        if (group.isEmpty()) {
            return;
        }
        List<String> expected = new ArrayList<>(group);
        group.clear();
        Matcher tagged = TAGGED.matcher(expected.getLast());
        List<String> open = new ArrayList<>(expected);
        open.removeIf(
                line -> line.startsWith("\\*") && OWN_EXTENSIONS.matcher(line).matches());
        ImapClient client = client(server, prelude);
        boolean endsTagged = tagged.matches();
        List<String> came = new ArrayList<>();
        while (endsTagged || !open.isEmpty()) {
            String line = client.line();
            came.add(line);
            if (endsTagged && line.startsWith(tagged.group(1) + " ")) {
                open.remove(expected.getLast());
                status(tagged, line);
                break;
            }
            boolean matched = removeFirst(open, line);
            assertThat(matched || TOLERATED.matcher(line).matches())
                    .as("unexpected: " + line + "\n wanted: " + open)
                    .isTrue();
        }
        assertThat(open).as("came: " + came).isEmpty();
    }

    private static boolean removeFirst(List<String> open, String line) {
        for (int i = 0; i < open.size(); i++) {
            if (matches(open.get(i), line)) {
                open.remove(i);
                return true;
            }
        }
        return false;
    }

    private static void status(Matcher expected, String line) {
        String code = expected.group(3);
        String wanted = expected.group(1) + " " + expected.group(2);
        assertThat(line).startsWith(wanted);
        if (code != null && !OWN_CODES.contains(code)) {
            assertThat(line).startsWith(wanted + " [" + code);
        }
    }

    private static boolean matches(String wanted, String line) {
        if (wanted.startsWith("\\* OK") && line.startsWith("* OK") && !wanted.contains("\\[")) {
            return true;
        }
        if (wanted.startsWith("\\* BYE")) {
            return line.startsWith("* BYE");
        }
        if (wanted.startsWith("\\+")) {
            return line.startsWith("+ ");
        }
        // Names of media types and the like are the same in any case.
        Pattern pattern = Pattern.compile(wanted, line.startsWith("* ") ? Pattern.CASE_INSENSITIVE : 0);
        return variants(line).stream()
                .anyMatch(variant -> pattern.matcher(variant).matches());
    }

    /** The line as another server might have written it. */
    private static List<String> variants(String line) {
        String sorted = sortFlags(line);
        List<String> all = new ArrayList<>(List.of(line, sorted));
        Matcher list = Pattern.compile("\\* (LIST|LSUB|STATUS) (.*? )?([^ \"()]+)( \\(.*\\))?")
                .matcher(sorted);
        if (list.matches()) {
            all.add("* " + list.group(1) + " " + (list.group(2) == null ? "" : list.group(2)) + "\"" + list.group(3)
                    + "\"" + (list.group(4) == null ? "" : list.group(4)));
        }
        Matcher fetch = Pattern.compile("(\\* \\d+ FETCH \\()(.*)\\)").matcher(sorted);
        if (fetch.matches()) {
            permute(
                    items(fetch.group(2)),
                    new ArrayList<>(),
                    order -> all.add(fetch.group(1) + String.join(" ", order) + ")"));
        }
        return all;
    }

    private static String sortFlags(String line) {
        Matcher flags = Pattern.compile("(FLAGS )\\(([^()]*)\\)").matcher(line);
        return flags.replaceAll(found -> {
            String[] names = found.group(2).split(" ", -1);
            Arrays.sort(names, (a, b) -> a.equals("\\*") ? 1 : b.equals("\\*") ? -1 : a.compareTo(b));
            return Matcher.quoteReplacement(found.group(1) + "(" + String.join(" ", names) + ")");
        });
    }

    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        Matcher item = Pattern.compile(
                        "([A-Z0-9.]+(?:\\[.*?\\])?(?:<\\d+>)?) (\\((?:[^()]|\\([^()]*\\))*\\)|\"[^\"]*\"|\\S+) ?")
                .matcher(text);
        while (item.lookingAt()) {
            items.add(item.group(1) + " " + item.group(2));
            item.region(item.end(), text.length());
        }
        return items;
    }

    private static void permute(
            List<String> rest, List<String> chosen, java.util.function.Consumer<List<String>> done) {
        if (rest.isEmpty()) {
            done.accept(chosen);
        }
        for (int i = 0; i < rest.size() && rest.size() < 5; i++) {
            List<String> left = new ArrayList<>(rest);
            List<String> next = new ArrayList<>(chosen);
            next.add(left.remove(i));
            permute(left, next, done);
        }
    }
}
