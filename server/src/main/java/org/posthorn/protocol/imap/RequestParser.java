package org.posthorn.protocol.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.protocol.imap.ImapCommand.StatusItem;
import org.posthorn.protocol.imap.ImapCommand.Store;

/** Parses an assembled request (RFC 3501 section 9, command). */
public final class RequestParser {
    private static final int MAX_ID_FIELDS = 30;

    private final RequestCursor in;

    private RequestParser(RequestCursor in) {
        this.in = in;
    }

    /** A tag and what it asks for. */
    public record Request(String tag, ImapCommand command) {}

    /**
     * Parses a whole request, or an APPEND up to the size of its message.
     *
     * @param text as {@link RequestAssembler} gives it
     * @throws ImapSyntaxException for anything that the grammar does not have
     */
    public static Request parse(String text) {
        RequestCursor in = new RequestCursor(text);
        String tag = in.tag();
        if (!in.accept(' ')) {
            throw new ImapSyntaxException(in.atEnd() ? "Missing command" : "Invalid tag");
        }
        ImapCommand command = new RequestParser(in).command(in.keyword());
        in.end();
        return new Request(tag, command);
    }

    private ImapCommand command(String verb) {
        return switch (verb) {
            case "CAPABILITY" -> new ImapCommand.Capability();
            case "NOOP" -> new ImapCommand.Noop();
            case "LOGOUT" -> new ImapCommand.Logout();
            case "ID" -> id();
            case "STARTTLS" -> new ImapCommand.StartTls();
            case "AUTHENTICATE" -> authenticate();
            case "LOGIN" -> new ImapCommand.Login(utf8Argument(), utf8Argument());
            case "ENABLE" -> enable();
            case "SELECT" -> new ImapCommand.Select(mailboxArgument(), false);
            case "EXAMINE" -> new ImapCommand.Select(mailboxArgument(), true);
            case "CREATE" -> new ImapCommand.Create(mailboxArgument());
            case "DELETE" -> new ImapCommand.Delete(mailboxArgument());
            case "RENAME" -> new ImapCommand.Rename(mailboxArgument(), mailboxArgument());
            case "SUBSCRIBE" -> new ImapCommand.Subscribe(mailboxArgument());
            case "UNSUBSCRIBE" -> new ImapCommand.Unsubscribe(mailboxArgument());
            case "LIST" -> list(false);
            case "LSUB" -> list(true);
            case "NAMESPACE" -> new ImapCommand.Namespace();
            case "STATUS" -> status();
            case "APPEND" -> append();
            case "CHECK" -> new ImapCommand.Check();
            case "CLOSE" -> new ImapCommand.Close();
            case "UNSELECT" -> new ImapCommand.Unselect();
            case "EXPUNGE" -> new ImapCommand.Expunge(Optional.empty());
            case "IDLE" -> new ImapCommand.Idle();
            case "UID" -> uid();
            default -> onMessages(verb, false);
        };
    }

    private ImapCommand uid() {
        in.space();
        String verb = in.keyword();
        if (verb.equals("EXPUNGE")) {
            return new ImapCommand.Expunge(Optional.of(setArgument()));
        }
        return onMessages(verb, true);
    }

    private ImapCommand onMessages(String verb, boolean uid) {
        return switch (verb) {
            case "FETCH" -> new ImapCommand.Fetch(uid, setArgument(), new FetchParser(in).items());
            case "STORE" -> store(uid);
            case "COPY" -> new ImapCommand.Copy(uid, setArgument(), mailboxArgument());
            case "MOVE" -> new ImapCommand.Move(uid, setArgument(), mailboxArgument());
            case "SEARCH" -> search(uid);
            default -> throw new ImapSyntaxException("Unknown command");
        };
    }

    private String mailboxArgument() {
        in.space();
        return in.mailbox();
    }

    private SequenceSet setArgument() {
        in.space();
        return in.sequenceSet();
    }

    /** User names and passwords: UTF-8 where they are not ASCII, as SASL has it. */
    private String utf8Argument() {
        in.space();
        return decode(in.astring(), StandardCharsets.UTF_8);
    }

    static String decode(String octets, Charset charset) {
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ImapSyntaxException("Text is not valid " + charset.name());
        }
    }

    private ImapCommand id() {
        in.space();
        if (in.nil()) {
            return new ImapCommand.Id(Map.of());
        }
        in.expect('(');
        Map<String, String> fields = new HashMap<>();
        boolean more = !in.accept(')');
        while (more) {
            String field = in.string();
            in.space();
            if (!in.nil()) {
                fields.put(field, in.string());
            }
            // RFC 2971 3.3: at most 30 pairs, names of at most 30 octets, values of at most 1024
            if (fields.size() > MAX_ID_FIELDS) {
                throw new ImapSyntaxException("Too many ID fields");
            }
            more = in.listGoesOn();
        }
        return new ImapCommand.Id(fields);
    }

    private ImapCommand authenticate() {
        in.space();
        String mechanism = in.keyword();
        if (in.atEnd()) {
            return new ImapCommand.Authenticate(mechanism, Optional.empty());
        }
        in.space();
        String initial = in.run(c -> Ascii.isAtomChar(c), "a response in Base64");
        return new ImapCommand.Authenticate(mechanism, Optional.of(initial));
    }

    private ImapCommand enable() {
        List<String> names = new ArrayList<>();
        do {
            in.space();
            names.add(in.keyword());
        } while (!in.atEnd());
        return new ImapCommand.Enable(names);
    }

    private ImapCommand list(boolean subscribed) {
        String reference = mailboxArgument();
        in.space();
        String pattern = pattern(in.listMailbox());
        return new ImapCommand.ListMailboxes(reference, pattern, subscribed);
    }

    /** What cannot be decoded is no fault in a pattern: it matches nothing. */
    private static String pattern(String wire) {
        try {
            return ModifiedUtf7.decode(wire);
        } catch (ImapSyntaxException e) {
            return wire;
        }
    }

    private ImapCommand status() {
        String mailbox = mailboxArgument();
        in.space();
        in.expect('(');
        List<StatusItem> items = new ArrayList<>();
        do {
            String name = in.keyword();
            StatusItem item = switch (name) {
                case "MESSAGES" -> StatusItem.MESSAGES;
                case "RECENT" -> StatusItem.RECENT;
                case "UIDNEXT" -> StatusItem.UIDNEXT;
                case "UIDVALIDITY" -> StatusItem.UIDVALIDITY;
                case "UNSEEN" -> StatusItem.UNSEEN;
                default -> throw new ImapSyntaxException("Unknown STATUS item");
            };
            if (!items.contains(item)) {
                items.add(item);
            }
        } while (in.listGoesOn());
        return new ImapCommand.Status(mailbox, items);
    }

    private ImapCommand append() {
        String mailbox = mailboxArgument();
        in.space();
        FlagList flags = FlagList.NONE;
        if (in.peek() == '(') {
            flags = flagList();
            in.space();
        }
        Optional<Instant> date = Optional.empty();
        if (in.peek() == '"') {
            date = Optional.of(ImapDates.dateTime(in.string()));
            in.space();
        }
        in.expect('{');
        long size = in.number();
        in.accept('+');
        in.expect('}');
        return new ImapCommand.Append(mailbox, flags, date, size);
    }

    private ImapCommand store(boolean uid) {
        SequenceSet set = setArgument();
        in.space();
        Store.Mode mode = in.accept('+') ? Store.Mode.ADD : in.accept('-') ? Store.Mode.REMOVE : Store.Mode.REPLACE;
        String name = in.keyword();
        boolean silent = name.equals("FLAGS.SILENT");
        if (!silent && !name.equals("FLAGS")) {
            throw new ImapSyntaxException("Unknown STORE item");
        }
        in.space();
        return new Store(uid, set, mode, silent, in.peek() == '(' ? flagList() : bareFlags());
    }

    private FlagList flagList() {
        in.expect('(');
        Flags flags = new Flags();
        if (!in.accept(')')) {
            do {
                flags.add();
            } while (in.listGoesOn());
        }
        return flags.list();
    }

    /** STORE may go without parentheses: {@code flag *(SP flag)}. */
    private FlagList bareFlags() {
        Flags flags = new Flags();
        flags.add();
        while (in.accept(' ')) {
            flags.add();
        }
        return flags.list();
    }

    /** Collects flags as they are read. */
    private final class Flags {
        private final List<FlagList.SystemFlag> system = new ArrayList<>(5);
        private final List<String> keywords = new ArrayList<>(0);

        void add() {
            if (in.accept('\\')) {
                FlagList.SystemFlag flag = FlagList.SystemFlag.named(in.atom())
                        // \Recent cannot be set by a client, flag-extension is reserved (RFC 3501 2.3.2).
                        .orElseThrow(() -> new ImapSyntaxException("Flag cannot be set"));
                if (!system.contains(flag)) {
                    system.add(flag);
                }
                return;
            }
            String keyword = in.atom();
            if (keyword.length() > FlagList.MAX_KEYWORD || keywords.size() > FlagList.MAX_FLAGS) {
                throw new ImapSyntaxException("Keyword too long, or too many of them");
            }
            if (keywords.stream().noneMatch(keyword::equalsIgnoreCase)) {
                keywords.add(keyword);
            }
        }

        FlagList list() {
            return new FlagList(system, keywords);
        }
    }

    private ImapCommand search(boolean uid) {
        in.space();
        Charset charset = StandardCharsets.US_ASCII;
        if (in.startsWithWord("CHARSET")) {
            in.keyword();
            in.space();
            String name = in.astring();
            in.space();
            Optional<Charset> named = SearchParser.charset(name);
            if (named.isEmpty()) {
                in.toEnd();
                return new ImapCommand.Search(uid, Optional.of(name), new SearchKey.All());
            }
            charset = named.get();
        }
        return new ImapCommand.Search(uid, Optional.empty(), new SearchParser(in, charset).program());
    }
}
