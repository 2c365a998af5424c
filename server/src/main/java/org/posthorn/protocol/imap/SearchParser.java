package org.posthorn.protocol.imap;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.protocol.imap.FlagList.SystemFlag;
import org.posthorn.protocol.imap.SearchKey.Comparison;

/** Parses search-keys (RFC 3501 section 9, search-key) into {@link SearchKey}. */
final class SearchParser {
    private final RequestCursor in;
    private final Charset charset;

    SearchParser(RequestCursor in, Charset charset) {
        this.in = in;
        this.charset = charset;
    }

    /** The charset of that name, where this Java knows how to read it. */
    static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    SearchKey program() {
        SearchKey first = key(0);
        return in.atEnd() ? first : all(first, 0);
    }

    /** The rest of a list of keys, all of which must hold. */
    private SearchKey all(SearchKey first, int depth) {
        List<SearchKey> keys = new ArrayList<>();
        keys.add(first);
        while (in.accept(' ')) {
            keys.add(key(depth));
        }
        return keys.size() == 1 ? first : new SearchKey.And(keys);
    }

    private SearchKey key(int depth) {
        if (depth > RequestCursor.MAX_DEPTH) {
            throw new ImapSyntaxException("Search keys nested too deep");
        }
        if (in.accept('(')) {
            SearchKey inner = all(key(depth + 1), depth + 1);
            in.expect(')');
            return inner;
        }
        char next = in.peek();
        if (Ascii.isDigit(next) || next == '*') {
            return new SearchKey.Sequence(in.sequenceSet());
        }
        return named(in.keyword(), depth);
    }

    private SearchKey named(String name, int depth) {
        return switch (name) {
            case "ALL" -> new SearchKey.All();
            case "NOT" -> new SearchKey.Not(argumentKey(depth));
            case "OR" -> new SearchKey.Or(argumentKey(depth), argumentKey(depth));
            case "NEW" -> new SearchKey.And(List.of(new SearchKey.Recent(), not(flag(SystemFlag.SEEN))));
            case "OLD" -> not(new SearchKey.Recent());
            case "RECENT" -> new SearchKey.Recent();
            case "KEYWORD" -> keyword();
            case "UNKEYWORD" -> not(keyword());
            case "BCC", "CC", "FROM", "TO" -> new SearchKey.Address(name, text());
            case "SUBJECT" -> new SearchKey.Header("SUBJECT", text());
            case "HEADER" -> new SearchKey.Header(fieldName(), text());
            case "BODY" -> new SearchKey.Body(text());
            case "TEXT" -> new SearchKey.Text(text());
            case "LARGER" -> new SearchKey.LargerThan(number());
            case "SMALLER" -> new SearchKey.SmallerThan(number());
            case "UID" -> uids();
            default -> flagOrDate(name);
        };
    }

    private SearchKey flagOrDate(String name) {
        return switch (name) {
            case "ANSWERED" -> flag(SystemFlag.ANSWERED);
            case "DELETED" -> flag(SystemFlag.DELETED);
            case "DRAFT" -> flag(SystemFlag.DRAFT);
            case "FLAGGED" -> flag(SystemFlag.FLAGGED);
            case "SEEN" -> flag(SystemFlag.SEEN);
            case "UNANSWERED" -> not(flag(SystemFlag.ANSWERED));
            case "UNDELETED" -> not(flag(SystemFlag.DELETED));
            case "UNDRAFT" -> not(flag(SystemFlag.DRAFT));
            case "UNFLAGGED" -> not(flag(SystemFlag.FLAGGED));
            case "UNSEEN" -> not(flag(SystemFlag.SEEN));
            case "BEFORE" -> new SearchKey.Received(Comparison.BEFORE, date());
            case "ON" -> new SearchKey.Received(Comparison.ON, date());
            case "SINCE" -> new SearchKey.Received(Comparison.SINCE, date());
            case "SENTBEFORE" -> new SearchKey.Sent(Comparison.BEFORE, date());
            case "SENTON" -> new SearchKey.Sent(Comparison.ON, date());
            case "SENTSINCE" -> new SearchKey.Sent(Comparison.SINCE, date());
            default -> throw new ImapSyntaxException("Unknown search key");
        };
    }

    private static SearchKey flag(SystemFlag flag) {
        return new SearchKey.HasFlag(flag);
    }

    private static SearchKey not(SearchKey key) {
        return new SearchKey.Not(key);
    }

    private SearchKey argumentKey(int depth) {
        in.space();
        return key(depth + 1);
    }

    private SearchKey keyword() {
        in.space();
        return new SearchKey.HasKeyword(in.atom());
    }

    private String fieldName() {
        in.space();
        return in.astring().toUpperCase(Locale.ROOT);
    }

    private String text() {
        in.space();
        String octets = in.astring();
        if (charset.equals(StandardCharsets.US_ASCII) && octets.chars().anyMatch(c -> c >= 0x80)) {
            // Without CHARSET text is ASCII (6.4.4); clients that send more nearly always mean UTF-8.
            return RequestParser.decode(octets, StandardCharsets.UTF_8);
        }
        return RequestParser.decode(octets, charset);
    }

    private long number() {
        in.space();
        return in.number();
    }

    private LocalDate date() {
        in.space();
        return ImapDates.date(in.isString() ? in.string() : in.atom());
    }

    private SearchKey uids() {
        in.space();
        return new SearchKey.Uid(in.sequenceSet());
    }
}
