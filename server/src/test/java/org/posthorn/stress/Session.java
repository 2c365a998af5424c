package org.posthorn.stress;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client that does what comes into its mind, and looks closely at what it is told. One thread. */
final class Session {
    private static final Pattern TAGGED =
            Pattern.compile("(OK|NO|BAD)(?: \\[([A-Z-]+)([^\\]]*)\\])? .*", Pattern.DOTALL);
    private static final Pattern VALIDITY = Pattern.compile("\\* OK \\[UIDVALIDITY (\\d+)\\].*");
    /** What another session or program may bring about; anything else that is refused is a fault. */
    private static final Set<String> REFUSALS = Set.of(
            "NONEXISTENT", "TRYCREATE", "ALREADYEXISTS", "HASCHILDREN", "CANNOT", "EXPUNGEISSUED", "LIMIT", "INUSE");

    private static final int MANY = 150;
    private static final int REMEMBERED = 5;

    private final Stress.Settings settings;
    private final Ledger ledger;
    private final Random random;
    private final String name;
    private final String keyword;
    private Wire wire;
    private Optional<View> view = Optional.empty();
    private int tag;
    private int messages;
    private boolean ended;
    /** What was said last, for who looks into a fault. */
    private final ArrayDeque<String> last = new ArrayDeque<>();

    Session(Stress.Settings settings, Ledger ledger, int number) throws IOException {
        this.settings = settings;
        this.ledger = ledger;
        this.random = new Random(settings.seed() * 1000 + number);
        this.name = "session " + number;
        this.keyword = "$Own" + number;
        this.wire = login();
    }

    private Wire login() throws IOException {
        Wire fresh = new Wire(settings.server(), settings.patience());
        String greeting = fresh.response();
        if (!greeting.startsWith("* OK")) {
            throw new IOException("greeted with " + greeting);
        }
        wire = fresh;
        view = Optional.empty();
        command("LOGIN \"" + settings.user() + "\" \"" + settings.password() + "\"", true);
        return fresh;
    }

    /** What the server said at the end of a command: OK or NO, and the code of the refusal. */
    private record Answer(boolean ok, String code, String rest) {}

    private Answer command(String text, boolean expungeAllowed) throws IOException {
        String verb = text.startsWith("UID ") ? text.substring(0, text.indexOf(' ', 4)) : text.split(" ", 2)[0];
        ledger.sent(verb);
        String mark = "t" + ++tag;
        wire.send(mark + " " + text + "\r\n");
        return answer(mark, verb, text, expungeAllowed);
    }

    private Answer answer(String mark, String verb, String text, boolean expungeAllowed) throws IOException {
        while (true) {
            String response = wire.response();
            if (response.startsWith("* ")) {
                untagged(response, verb, expungeAllowed);
            } else if (response.startsWith("+ ") && text.isEmpty()) {
                return new Answer(true, "+", "");
            } else if (response.startsWith(mark + " ")) {
                return tagged(response.substring(mark.length() + 1), verb, text);
            } else {
                throw new IOException("\"" + response + "\" to " + verb);
            }
        }
    }

    private Answer tagged(String response, String verb, String text) {
        last.add((text.isEmpty() ? verb : text.lines().findFirst().orElse(verb)) + " -> " + response);
        if (last.size() > REMEMBERED) {
            last.remove();
        }
        Matcher matcher = TAGGED.matcher(response);
        if (!matcher.matches()) {
            fault(verb + " answered with " + response);
            return new Answer(false, "", "");
        }
        String code = matcher.group(2) == null ? "" : matcher.group(2);
        String rest = matcher.group(3) == null ? "" : matcher.group(3).strip();
        boolean ok = matcher.group(1).equals("OK");
        if (matcher.group(1).equals("BAD") || (!ok && !REFUSALS.contains(code))) {
            fault(text.lines().findFirst().orElse(verb) + " answered with " + response);
        } else if (!ok) {
            ledger.refused(verb, code);
        }
        return new Answer(ok, code, rest);
    }

    private void untagged(String response, String verb, boolean expungeAllowed) {
        Matcher validity = VALIDITY.matcher(response);
        if (response.startsWith("* BYE") && !verb.equals("LOGOUT")) {
            fault(response + " to " + verb);
        } else if (view.isPresent() && validity.matches()) {
            view.get().validity(validity.group(1));
        } else if (view.isPresent() && response.startsWith("* SEARCH")) {
            view.get().found(response, verb.startsWith("UID"));
        } else if (view.isPresent()) {
            view.get().take(response, expungeAllowed);
        } else if (response.matches("(?s)\\* \\d+ .*")) {
            fault("told without a mailbox: " + response);
        }
    }

    private void fault(String what) {
        ledger.fault(name + ": " + what + "\n    after " + String.join("\n          ", last));
    }

    /** Runs until that moment; what ends the connection is a fault. */
    void play(long untilNanos) {
        try {
            while (System.nanoTime() - untilNanos < 0) {
                step();
            }
        } catch (IOException | RuntimeException e) {
            ended = true;
            fault("ended by " + e + " in " + view.map(v -> v.mailbox).orElse("no mailbox"));
        }
    }

    private void step() throws IOException {
        if (view.isEmpty() || random.nextInt(40) == 0) {
            somethingWithNames();
            select(random.nextInt(4) > 0 ? "SELECT" : "EXAMINE", mailbox());
            return;
        }
        View mine = view.get();
        if (mine.size() == 0) {
            append(mine.mailbox);
            command("NOOP", true);
            if (mine.size() == 0) {
                // Removed by others, or full.
                leave();
            }
            return;
        }
        if (mine.size() > MANY) {
            command("STORE 1:" + mine.size() / 2 + " +FLAGS.SILENT (\\Deleted)", false);
            command("EXPUNGE", true);
            return;
        }
        switch (random.nextInt(16)) {
            case 0, 1 -> command("FETCH " + set(mine) + " (UID FLAGS)", false);
            case 2 -> command("FETCH " + set(mine) + " (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])", false);
            case 3 -> command("UID FETCH 1:* (FLAGS INTERNALDATE ENVELOPE BODYSTRUCTURE)", true);
            case 4 -> command("FETCH " + set(mine) + " (UID RFC822.SIZE BODY.PEEK[])", false);
            case 5, 6 -> keyword(mine);
            case 7 -> flag(mine);
            case 8 -> command("STORE " + set(mine) + " +FLAGS (\\Deleted)", false);
            case 9 -> command(random.nextBoolean() ? "EXPUNGE" : "UID EXPUNGE 1:*", true);
            case 10, 11 -> append(random.nextBoolean() ? mine.mailbox : mailbox());
            case 12 -> command((random.nextInt(3) > 0 ? "COPY " : "MOVE ") + set(mine) + " " + mailbox(), true);
            case 13 -> search();
            case 14 -> idle();
            default -> rarely();
        }
    }

    private void select(String verb, String mailbox) throws IOException {
        View before = view.orElse(null);
        view = Optional.of(new View(mailbox, keyword, ledger, name));
        Answer answer = command(verb + " " + mailbox, true);
        if (!answer.ok()) {
            view = Optional.empty();
        } else if (view.get().validity().isEmpty()) {
            fault(verb + " without UIDVALIDITY, after " + (before == null ? "none" : before.mailbox));
        } else if (view.get().size() > 0) {
            command("FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])", false);
        }
        if (verb.equals("EXAMINE") && answer.ok()) {
            idle();
            leave();
        }
    }

    private void leave() throws IOException {
        command(random.nextBoolean() ? "CLOSE" : "UNSELECT", true);
        view = Optional.empty();
    }

    /** One message, a few in a row, or all. */
    private String set(View mine) {
        int from = 1 + random.nextInt(mine.size());
        return switch (random.nextInt(4)) {
            case 0, 1 -> String.valueOf(from);
            case 2 -> from + ":" + Math.min(mine.size(), from + random.nextInt(5));
            default -> "1:*";
        };
    }

    /** Sets or removes the keyword that is this session's alone: every FETCH shows it so from then on. */
    private void keyword(View mine) throws IOException {
        int from = 1 + random.nextInt(mine.size());
        int to = Math.min(mine.size(), from + random.nextInt(4));
        boolean set = random.nextBoolean();
        boolean byUid = random.nextBoolean() && mine.uid(from) > 0 && mine.uid(to) > 0;
        String numbers = byUid ? mine.uid(from) + ":" + mine.uid(to) : from + ":" + to;
        for (int i = from; i <= to; i++) {
            mine.own(i, set);
        }
        String silent = random.nextInt(3) == 0 ? ".SILENT" : "";
        Answer answer = command(
                (byUid ? "UID " : "") + "STORE " + numbers + (set ? " +" : " -") + "FLAGS" + silent + " (" + keyword
                        + ")",
                byUid);
        if (!answer.ok()) {
            mine.ownUnknown();
        }
    }

    private void flag(View mine) throws IOException {
        String flag = switch (random.nextInt(5)) {
            case 0 -> "\\Seen";
            case 1 -> "\\Flagged";
            case 2 -> "\\Answered";
            case 3 -> "\\Draft";
            default -> "$Common" + random.nextInt(35);
        };
        command("STORE " + set(mine) + (random.nextBoolean() ? " +" : " -") + "FLAGS (" + flag + ")", false);
    }

    private void append(String mailbox) throws IOException {
        String subject = name + " message " + ++messages;
        String text = Post.write(subject, random);
        String flags = random.nextBoolean() ? " (\\Seen $Common" + random.nextInt(35) + ")" : "";
        String start = "APPEND " + mailbox + flags + " {" + text.length();
        ledger.sent("APPEND");
        String mark = "t" + ++tag;
        Answer answer;
        if (random.nextBoolean()) {
            wire.send(mark + " " + start + "+}\r\n" + text + "\r\n");
            answer = answer(mark, "APPEND", start, true);
        } else {
            wire.send(mark + " " + start + "}\r\n");
            answer = answer(mark, "APPEND", "", true);
            if (answer.code().equals("+")) {
                wire.send(text + "\r\n");
                answer = answer(mark, "APPEND", start, true);
            }
        }
        if (answer.ok()) {
            String[] words = answer.rest().split(" ", -1);
            if (!answer.code().equals("APPENDUID") || words.length != 2) {
                fault("APPEND without APPENDUID");
            } else {
                ledger.means(words[0], Long.parseLong(words[1]), subject);
            }
        }
    }

    private void search() throws IOException {
        String what = switch (random.nextInt(5)) {
            case 0 -> "ALL";
            case 1 -> "UNSEEN NOT DELETED";
            case 2 -> "KEYWORD " + keyword;
            case 3 -> "SUBJECT \"message 1\"";
            default -> "BODY \"line 7\"";
        };
        boolean byUid = random.nextBoolean();
        command((byUid ? "UID " : "") + "SEARCH " + what, byUid);
    }

    private void idle() throws IOException {
        ledger.sent("IDLE");
        String mark = "t" + ++tag;
        wire.send(mark + " IDLE\r\n");
        answer(mark, "IDLE", "", true);
        while (random.nextInt(4) > 0 && wire.hasMore(200)) {
            untagged(wire.response(), "IDLE", true);
        }
        wire.send("DONE\r\n");
        answer(mark, "IDLE", "IDLE", true);
    }

    private void rarely() throws IOException {
        switch (random.nextInt(6)) {
            case 0 -> reconnect();
            case 1 -> leave();
            case 2 -> somethingWithNames();
            case 3 -> command("STATUS " + mailbox() + " (MESSAGES UIDNEXT UNSEEN)", true);
            case 4 -> command("CHECK", true);
            default -> command("NOOP", true);
        }
    }

    private void reconnect() throws IOException {
        command("LOGOUT", true);
        if (!wire.hasEnded()) {
            fault("something behind LOGOUT");
        }
        wire.close();
        wire = login();
    }

    private void somethingWithNames() throws IOException {
        String mailbox = mailbox();
        if (mailbox.equals("INBOX")) {
            command("LIST \"\" \"*\"", true);
            return;
        }
        switch (random.nextInt(7)) {
            case 0, 1, 2 -> command("CREATE " + mailbox, true);
            case 3 -> {
                if (command("DELETE " + mailbox, true).ok() && view.isPresent()) {
                    // It may have been the one selected, whose name another session has changed. Some servers leave it
                    // selected, others do not.
                    reconnect();
                }
            }
            case 4 -> {
                String other = mailbox();
                command("RENAME " + mailbox + " " + (other.equals("INBOX") ? "stress9" : other), true);
            }
            case 5 -> command("SUBSCRIBE " + mailbox, true);
            default -> command("LSUB \"\" \"*\"", true);
        }
    }

    private String mailbox() {
        int number = random.nextInt(6);
        return number < 2 ? "INBOX" : "stress" + number;
    }

    /** What this session knows of its mailbox after it has looked at everything; empty without a mailbox. */
    Optional<View> settle() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        if (view.isPresent()) {
            command("NOOP", true);
            if (view.get().size() > 0) {
                command("FETCH 1:* (UID FLAGS)", false);
                command("NOOP", true);
            }
        }
        return view;
    }

    /** What the mailbox is to somebody who opens it now. */
    Optional<View> fresh(String mailbox) throws IOException {
        view = Optional.of(new View(mailbox, keyword, ledger, name));
        if (!command("EXAMINE " + mailbox, true).ok()) {
            return Optional.empty();
        }
        return settle();
    }

    void close() throws IOException {
        wire.close();
    }
}
