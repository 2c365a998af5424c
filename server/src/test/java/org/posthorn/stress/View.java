package org.posthorn.stress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a client knows of the mailbox that it has selected; complains where the server contradicts it. Belongs to one session. */
final class View {
    private static final Pattern NUMBERED =
            Pattern.compile("\\* (\\d+) (EXISTS|RECENT|EXPUNGE|FETCH)( .*)?", Pattern.DOTALL);

    final String mailbox;
    private final String keyword;
    private final Ledger ledger;
    private final String who;
    private String validity = "";
    /** By sequence number; 0 where it is not known yet. */
    private final List<Long> uids = new ArrayList<>();
    /** Whether a message has the keyword that nobody but this session sets, by UID. */
    private final Map<Long, Boolean> own = new HashMap<>();

    private final Map<Long, String> flags = new HashMap<>();

    View(String mailbox, String keyword, Ledger ledger, String who) {
        this.mailbox = mailbox;
        this.keyword = keyword;
        this.ledger = ledger;
        this.who = who;
    }

    private void fault(String what) {
        ledger.fault(who + " in " + mailbox + ": " + what);
    }

    void validity(String value) {
        validity = value;
    }

    String validity() {
        return validity;
    }

    int size() {
        return uids.size();
    }

    long uid(int sequence) {
        return uids.get(sequence - 1);
    }

    boolean knowsAll() {
        return !uids.contains(0L);
    }

    /** This session is about to set or remove its keyword. */
    void own(int sequence, boolean set) {
        if (uid(sequence) > 0) {
            own.put(uid(sequence), set);
        }
    }

    /** It was refused half way. */
    void ownUnknown() {
        own.clear();
    }

    /** Takes an untagged response; false when it is none about the mailbox. */
    boolean take(String response, boolean expungeAllowed) {
        Matcher matcher = NUMBERED.matcher(response);
        if (!matcher.matches()) {
            return false;
        }
        int number = Integer.parseInt(matcher.group(1));
        switch (matcher.group(2)) {
            case "EXISTS" -> exists(number);
            case "EXPUNGE" -> expunge(number, expungeAllowed);
            case "FETCH" -> fetch(number, response);
            default -> {
                if (number > size()) {
                    fault(number + " RECENT of " + size());
                }
            }
        }
        return true;
    }

    private void exists(int number) {
        if (number < size()) {
            fault(number + " EXISTS after " + size());
        }
        while (size() < number) {
            uids.add(0L);
        }
    }

    private void expunge(int number, boolean allowed) {
        if (!allowed) {
            fault("EXPUNGE where it is not allowed");
        }
        if (number < 1 || number > size()) {
            fault(number + " EXPUNGE of " + size());
            return;
        }
        uids.remove(number - 1);
    }

    private void fetch(int number, String response) {
        if (number < 1 || number > size()) {
            fault(number + " FETCH of " + size());
            return;
        }
        Map<String, String> items;
        try {
            items = Items.parse(response, response.indexOf('('));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            fault("FETCH that is not whole, " + e.getMessage() + ": " + response);
            return;
        }
        if (items.containsKey("UID")) {
            learn(number, Long.parseLong(items.get("UID")));
        }
        if (items.containsKey("FLAGS")) {
            flags(uid(number), items.get("FLAGS"));
        }
        content(uid(number), items);
    }

    private void learn(int number, long uid) {
        long known = uids.get(number - 1);
        if (known == uid) {
            return;
        }
        if (known != 0) {
            fault("message " + number + " has UID " + uid + ", had " + known);
        }
        uids.set(number - 1, uid);
        for (int i = number - 2; i >= 0; i--) {
            if (uids.get(i) != 0) {
                if (uids.get(i) >= uid) {
                    fault("UID " + uids.get(i) + " before " + uid);
                }
                break;
            }
        }
        for (int i = number; i < size(); i++) {
            if (uids.get(i) != 0) {
                if (uids.get(i) <= uid) {
                    fault("UID " + uids.get(i) + " after " + uid);
                }
                break;
            }
        }
    }

    private void flags(long uid, String list) {
        if (uid == 0) {
            return;
        }
        Set<String> set =
                new HashSet<>(Arrays.asList(list.substring(1, list.length() - 1).split(" ", -1)));
        set.remove("\\Recent");
        flags.put(uid, set.stream().sorted().collect(Collectors.joining(" ")));
        boolean has = set.contains(keyword);
        Boolean expected = own.put(uid, has);
        if (expected != null && expected != has) {
            fault("UID " + uid + (has ? " has " : " has lost ") + keyword + ": " + list);
        }
    }

    private void content(long uid, Map<String, String> items) {
        String whole = items.get("BODY[]");
        if (whole != null) {
            if (!Post.isWhole(whole)) {
                fault("UID " + uid + " is not whole: " + whole);
            }
            String size = items.get("RFC822.SIZE");
            if (size != null && Long.parseLong(size) != whole.length()) {
                fault("UID " + uid + " has RFC822.SIZE " + size + " and " + whole.length() + " octets");
            }
        }
        String header = items.getOrDefault("BODY[HEADER.FIELDS (SUBJECT)]", whole == null ? "" : whole);
        if (!header.isEmpty() && uid > 0) {
            ledger.means(validity, uid, Post.subject(header));
        }
    }

    /** Sequence numbers that a SEARCH found. */
    void found(String response, boolean byUid) {
        for (String word : response.substring("* SEARCH".length()).strip().split(" ", -1)) {
            if (!word.isEmpty() && !byUid && (Long.parseLong(word) < 1 || Long.parseLong(word) > size())) {
                fault("SEARCH found " + word + " of " + size());
            }
        }
    }

    /** All messages with their flags, as far as they are known. */
    String state() {
        return uids.stream()
                .map(uid -> uid + " " + flags.getOrDefault(uid, "?"))
                .collect(Collectors.joining("\n"));
    }
}
