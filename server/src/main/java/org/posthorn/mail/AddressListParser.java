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
        return new HeaderAddress.Mailbox(Optional.empty(), Optional.empty(), phrase.local(), "");
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
        String local = readPhrase().local();
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
        StringBuilder domain = new StringBuilder(in.runUntil(SPECIALS));
        while (in.peek() == '.' || in.peek() == ' ' || in.peek() == '(') {
            // a comment behind the domain may be the name, one before a dot is nothing
            in.skipComments();
            if (!in.take('.')) {
                break;
            }
            in.skipComments();
            domain.append('.').append(in.runUntil(SPECIALS));
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
        while (!in.atEnd()) {
            char c = in.peek();
            if (c == '.') {
                in.next();
                phrase.addDot();
            } else if (c == '"') {
                phrase.add(in.quotedString());
            } else if (c == '>' && phrase.isEmpty()) {
                in.next();
            } else if (SPECIALS.indexOf(c) >= 0) {
                break;
            } else {
                phrase.add(in.runUntil(SPECIALS));
            }
            int end = in.position();
            in.skipComments();
            phrase.spaceFollows(in.position() > end);
        }
        return phrase;
    }

    /** Words, of which the last may be a local part made of words with dots between. */
    private static final class Phrase {
        private final int start;
        private final StringBuilder words = new StringBuilder();
        private final StringBuilder last = new StringBuilder();
        private int beforeLast;
        private boolean afterSpace;
        private boolean afterDot = true;

        Phrase(int start) {
            this.start = start;
        }

        void add(String word) {
            if (!afterDot) {
                beforeLast = words.length();
                last.setLength(0);
            }
            if (!words.isEmpty() && (afterSpace || !afterDot)) {
                words.append(' ');
            }
            words.append(word);
            last.append(word);
            afterDot = false;
        }

        void addDot() {
            words.append('.');
            last.append('.');
            afterDot = true;
        }

        void spaceFollows(boolean follows) {
            afterSpace = follows;
        }

        boolean isEmpty() {
            return words.isEmpty();
        }

        /** As a name. */
        String all() {
            return words.toString();
        }

        /** As a local part, in which there is no white space around dots (RFC 5322 4.4 obs-local-part). */
        String local() {
            return beforeLast == 0 ? last.toString() : words.toString();
        }

        String last() {
            return last.toString();
        }

        String allButLast() {
            return words.substring(0, beforeLast);
        }
    }
}
