package org.posthorn.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads address lists (RFC 5322 3.4 and 4.4) as real headers have them. */
final class AddressListParser {
    private static final String SPECIALS = "<>:;@,.";

    private final HeaderLexer in;
    private final List<HeaderAddress> list = new ArrayList<>();
    private int entries;

    AddressListParser(String value) {
        this.in = new HeaderLexer(value);
    }

    List<HeaderAddress> parse() {
        in.skipComments();
        while (!in.atEnd() && entries < HeaderAddress.MAX_ENTRIES) {
            readEntry();
            in.skipComments();
        }
        return list;
    }

    private void readEntry() {
        Phrase phrase = readPhrase();
        switch (in.peek()) {
            case ':' -> {
                in.next();
                entries++;
                list.add(new HeaderAddress.Group(phrase.all(), readMembers()));
            }
            case '<', '@' -> list.add(readMailbox(phrase));
            default -> {
                if (!phrase.isEmpty()) {
                    list.add(withoutDomain(phrase));
                }
                in.next();
            }
        }
    }

    private List<HeaderAddress.Mailbox> readMembers() {
        List<HeaderAddress.Mailbox> members = new ArrayList<>();
        in.skipComments();
        while (!in.atEnd() && !in.take(';') && entries < HeaderAddress.MAX_ENTRIES) {
            Phrase phrase = readPhrase();
            switch (in.peek()) {
                case '<', '@' -> members.add(readMailbox(phrase));
                case ';' -> addNamed(members, phrase);
                default -> {
                    addNamed(members, phrase);
                    in.next();
                }
            }
            in.skipComments();
        }
        in.skipComments();
        in.takeComment();
        return members;
    }

    private void addNamed(List<HeaderAddress.Mailbox> members, Phrase phrase) {
        if (!phrase.isEmpty()) {
            members.add(withoutDomain(phrase));
        }
    }

    private HeaderAddress.Mailbox withoutDomain(Phrase phrase) {
        entries++;
        in.takeComment();
        return new HeaderAddress.Mailbox(Optional.empty(), Optional.empty(), phrase.all(), "");
    }

    /** A mailbox whose phrase is read, up to the comma or semicolon after it. */
    private HeaderAddress.Mailbox readMailbox(Phrase phrase) {
        entries++;
        in.takeComment();
        HeaderAddress.Mailbox mailbox = in.peek() == '<' ? readAngle(phrase.all()) : readBare(phrase);
        in.skipTo(",;");
        if (in.peek() == ',') {
            in.next();
        }
        String comment = in.takeComment();
        if (mailbox.name().isEmpty() && !comment.isEmpty()) {
            return new HeaderAddress.Mailbox(
                    Optional.of(comment), mailbox.route(), mailbox.localPart(), mailbox.domain());
        }
        return mailbox;
    }

    /** {@code local@domain}, perhaps with a name before it that lacks its angle brackets. */
    private HeaderAddress.Mailbox readBare(Phrase phrase) {
        in.next();
        String domain = readDomain();
        in.skipComments();
        if (in.peek() == '<') {
            // an address in the place of the name
            return readAngle(in.slice(phrase.start, in.position()).strip());
        }
        return new HeaderAddress.Mailbox(named(phrase.allButLast()), Optional.empty(), phrase.last(), domain);
    }

    private HeaderAddress.Mailbox readAngle(String name) {
        in.next();
        in.skipComments();
        Optional<String> route = in.peek() == '@' || in.peek() == ',' ? readRoute() : Optional.empty();
        String local = readPhrase().all();
        String domain = "";
        if (in.take('@')) {
            domain = readDomain();
        }
        in.skipTo(">,;");
        in.take('>');
        return new HeaderAddress.Mailbox(named(name), route, local, domain);
    }

    /** RFC 5322 4.4 obs-route. */
    private Optional<String> readRoute() {
        int start = in.position();
        in.skipTo(":>");
        String route = in.slice(start, in.position()).replaceAll("\\s", "");
        return in.take(':') ? Optional.of(route) : Optional.empty();
    }

    private String readDomain() {
        in.skipComments();
        if (in.peek() == '[') {
            int start = in.position();
            while (!in.atEnd() && !in.take(']')) {
                in.next();
            }
            return in.slice(start, in.position());
        }
        StringBuilder domain = new StringBuilder();
        boolean more = true;
        while (more) {
            domain.append(in.runUntil(SPECIALS));
            int after = in.position();
            more = false;
            // a comment behind the domain is the name, one before a dot is nothing
            if (in.peek() == '.' || in.peek() == ' ' || in.peek() == '(') {
                in.skipComments();
                more = in.take('.');
            }
            if (more) {
                domain.append('.');
                in.skipComments();
            } else if (after == in.position() && in.peek() == '"') {
                in.quotedString();
            }
        }
        return domain.toString();
    }

    private static Optional<String> named(String name) {
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /** Words up to one of the characters that give them a meaning. */
    private Phrase readPhrase() {
        in.skipComments();
        Phrase phrase = new Phrase(in.position());
        boolean dot = false;
        while (!in.atEnd()) {
            char c = in.peek();
            if (c == '.') {
                in.next();
                phrase.addDot();
                dot = true;
            } else if (c == '"') {
                phrase.add(in.quotedString(), dot);
                dot = false;
            } else if (SPECIALS.indexOf(c) >= 0 && !(c == '>' && phrase.isEmpty())) {
                break;
            } else if (c == '>') {
                in.next();
            } else {
                phrase.add(in.runUntil(SPECIALS), dot);
                dot = false;
            }
            in.skipComments();
        }
        return phrase;
    }

    /** Words, of which the last may be a local part made of words with dots between. */
    private static final class Phrase {
        private final int start;
        private final StringBuilder words = new StringBuilder();
        private int lastStart;

        Phrase(int start) {
            this.start = start;
        }

        void add(String word, boolean afterDot) {
            if (!words.isEmpty() && !afterDot) {
                words.append(' ');
                lastStart = words.length();
            }
            words.append(word);
        }

        void addDot() {
            words.append('.');
        }

        boolean isEmpty() {
            return words.isEmpty();
        }

        String all() {
            return words.toString();
        }

        String last() {
            return words.substring(lastStart);
        }

        String allButLast() {
            return words.substring(0, lastStart).strip();
        }
    }
}
