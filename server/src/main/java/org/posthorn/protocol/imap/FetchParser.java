package org.posthorn.protocol.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.protocol.imap.FetchItem.Partial;
import org.posthorn.protocol.imap.FetchItem.Section;
import org.posthorn.protocol.imap.FetchItem.Section.Kind;
import org.posthorn.protocol.imap.FetchItem.Simple;

/** Parses what FETCH asks for (RFC 3501 section 9, fetch-att), with its macros put into items. */
final class FetchParser {
    private static final int MAX_ITEMS = 1000;
    private static final int MAX_PATH = 100;

    private final RequestCursor in;

    FetchParser(RequestCursor in) {
        this.in = in;
    }

    List<FetchItem> items() {
        in.space();
        List<FetchItem> items = new ArrayList<>(4);
        if (!in.accept('(')) {
            String name = in.itemName();
            List<FetchItem> macro = macro(name);
            return macro.isEmpty() ? List.of(item(name)) : macro;
        }
        do {
            FetchItem item = item(in.itemName());
            if (!items.contains(item)) {
                items.add(item);
            }
            if (items.size() > MAX_ITEMS) {
                throw new ImapSyntaxException("Too many FETCH items");
            }
        } while (in.listGoesOn());
        return items;
    }

    private static List<FetchItem> macro(String name) {
        return switch (name) {
            case "FAST" -> List.of(Simple.FLAGS, Simple.INTERNALDATE, Simple.RFC822_SIZE);
            case "ALL" -> List.of(Simple.FLAGS, Simple.INTERNALDATE, Simple.RFC822_SIZE, Simple.ENVELOPE);
            case "FULL" -> List.of(Simple.FLAGS, Simple.INTERNALDATE, Simple.RFC822_SIZE, Simple.ENVELOPE, Simple.BODY);
            default -> List.of();
        };
    }

    private FetchItem item(String name) {
        return switch (name) {
            case "BODY" -> in.peek() == '[' ? text(false) : Simple.BODY;
            case "BODY.PEEK" -> text(true);
            case "BODYSTRUCTURE" -> Simple.BODYSTRUCTURE;
            case "ENVELOPE" -> Simple.ENVELOPE;
            case "FLAGS" -> Simple.FLAGS;
            case "INTERNALDATE" -> Simple.INTERNALDATE;
            case "UID" -> Simple.UID;
            case "RFC822.SIZE" -> Simple.RFC822_SIZE;
            // The old names, each equal to a section (6.4.5); RFC822.HEADER does not set \Seen.
            case "RFC822" -> new FetchItem.Text("RFC822", Section.ALL, false, Optional.empty());
            case "RFC822.HEADER" -> old("RFC822.HEADER", Kind.HEADER, true);
            case "RFC822.TEXT" -> old("RFC822.TEXT", Kind.TEXT, false);
            default -> throw new ImapSyntaxException("Unknown FETCH item");
        };
    }

    private static FetchItem old(String label, Kind kind, boolean peek) {
        return new FetchItem.Text(label, new Section(List.of(), kind, List.of()), peek, Optional.empty());
    }

    private FetchItem text(boolean peek) {
        in.expect('[');
        Section section = section();
        in.expect(']');
        return new FetchItem.Text("BODY[" + label(section) + "]", section, peek, partial());
    }

    private Optional<Partial> partial() {
        if (!in.accept('<')) {
            return Optional.empty();
        }
        long first = in.number();
        in.expect('.');
        long count = in.nonZero();
        in.expect('>');
        return Optional.of(new Partial(first, count));
    }

    private Section section() {
        List<Integer> path = new ArrayList<>(2);
        if (in.peek() == ']') {
            return Section.ALL;
        }
        while (Ascii.isDigit(in.peek())) {
            long number = in.nonZero();
            if (number > Integer.MAX_VALUE || path.size() >= MAX_PATH) {
                throw new ImapSyntaxException("Part number too large");
            }
            path.add((int) number);
            if (!in.accept('.')) {
                return new Section(path, Kind.WHOLE, List.of());
            }
        }
        return switch (in.itemName()) {
            case "HEADER" -> new Section(path, Kind.HEADER, List.of());
            case "HEADER.FIELDS" -> new Section(path, Kind.HEADER_FIELDS, fields());
            case "HEADER.FIELDS.NOT" -> new Section(path, Kind.HEADER_FIELDS_NOT, fields());
            case "TEXT" -> new Section(path, Kind.TEXT, List.of());
            case "MIME" -> mime(path);
            default -> throw new ImapSyntaxException("Unknown section");
        };
    }

    private static Section mime(List<Integer> path) {
        if (path.isEmpty()) {
            // 6.4.5: "The MIME part specifier MUST be prefixed by one or more numeric part specifiers"
            throw new ImapSyntaxException("MIME needs a part number");
        }
        return new Section(path, Kind.MIME, List.of());
    }

    private List<String> fields() {
        in.space();
        in.expect('(');
        List<String> fields = new ArrayList<>();
        do {
            fields.add(in.astring());
            if (fields.size() > MAX_ITEMS) {
                throw new ImapSyntaxException("Too many header fields");
            }
        } while (in.listGoesOn());
        return fields;
    }

    private static String label(Section section) {
        StringBuilder label = new StringBuilder();
        for (int number : section.path()) {
            label.append(label.isEmpty() ? "" : ".").append(number);
        }
        String dot = label.isEmpty() ? "" : ".";
        return switch (section.kind()) {
            case WHOLE -> label.toString();
            case HEADER -> label.append(dot).append("HEADER").toString();
            case TEXT -> label.append(dot).append("TEXT").toString();
            case MIME -> label.append(dot).append("MIME").toString();
            case HEADER_FIELDS -> fieldsLabel(label.append(dot).append("HEADER.FIELDS ("), section.fields());
            case HEADER_FIELDS_NOT -> fieldsLabel(label.append(dot).append("HEADER.FIELDS.NOT ("), section.fields());
        };
    }

    private static String fieldsLabel(StringBuilder label, List<String> fields) {
        String separator = "";
        for (String field : fields) {
            label.append(separator).append(ResponseBuffer.quotedIfNeeded(field));
            separator = " ";
        }
        return label.append(')').toString();
    }
}
