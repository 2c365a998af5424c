package org.posthorn.protocol.imap;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A search key made ready for many messages: cheap keys are asked before those that open the message. */
public final class SearchProgram {
    private final Test test;
    private final long largestSequence;
    private final long largestUid;

    /** Whether a message is one. */
    @FunctionalInterface
    private interface Test {
        boolean holds(SearchedMessage message) throws IOException;
    }

    /**
     * Makes ready for a mailbox.
     *
     * @param largestSequence what {@code *} stands for in sets of message numbers; 0 in an empty mailbox
     * @param largestUid what it stands for in sets of UIDs
     */
    public SearchProgram(SearchKey key, long largestSequence, long largestUid) {
        this.largestSequence = largestSequence;
        this.largestUid = largestUid;
        this.test = test(key);
    }

    public boolean matches(SearchedMessage message) throws IOException {
        return test.holds(message);
    }

    private Test test(SearchKey key) {
        return switch (key) {
            case SearchKey.All() -> message -> true;
            case SearchKey.HasFlag(FlagList.SystemFlag flag) -> message -> message.has(flag);
            case SearchKey.HasKeyword(String keyword) -> message -> message.hasKeyword(keyword);
            case SearchKey.Recent() -> SearchedMessage::isRecent;
            case SearchKey.LargerThan(long octets) -> message -> message.size() > octets;
            case SearchKey.SmallerThan(long octets) -> message -> message.size() < octets;
            case SearchKey.Sequence(SequenceSet set) -> message -> set.contains(message.sequence(), largestSequence);
            case SearchKey.Uid(SequenceSet set) -> message -> set.contains(message.uid(), largestUid);
            case SearchKey.Received(SearchKey.Comparison comparison, LocalDate date) ->
                message -> comparison.holds(day(message.internalDate()), date);
            case SearchKey.Sent(SearchKey.Comparison comparison, LocalDate date) ->
                message -> message.sentDay()
                        .filter(day -> comparison.holds(day, date))
                        .isPresent();
            case SearchKey.Address(String field, String text) -> address(field, text);
            case SearchKey.Header(String field, String text) -> header(field, text);
            case SearchKey.Body(String text) -> body(new SearchText(text));
            case SearchKey.Text(String text) -> text(new SearchText(text));
            case SearchKey.Not(SearchKey inner) -> not(test(inner));
            case SearchKey.Or(SearchKey left, SearchKey right) -> or(cheapFirst(List.of(left, right)));
            case SearchKey.And(List<SearchKey> keys) -> and(cheapFirst(keys));
        };
    }

    private static LocalDate day(long epochMillis) {
        // The zone in which INTERNALDATE is told.
        return LocalDate.ofInstant(Instant.ofEpochMilli(epochMillis), ZoneOffset.UTC);
    }

    private static Test header(String field, String text) {
        SearchText wanted = new SearchText(text);
        return message -> isInAny(wanted, message.header(field));
    }

    /** 6.4.4 asks for the envelope's field, which has no comments; clients mean what they see, which has names. */
    private static Test address(String field, String text) {
        SearchText wanted = new SearchText(text);
        return message -> isInAny(wanted, message.header(field)) || isInAny(wanted, message.addresses(field));
    }

    private static boolean isInAny(SearchText wanted, List<String> texts) {
        for (String text : texts) {
            if (wanted.isIn(text)) {
                return true;
            }
        }
        return false;
    }

    private static Test body(SearchText text) {
        return message -> text.isEmpty() || message.bodyContains(text);
    }

    private static Test text(SearchText text) {
        return message -> text.isEmpty() || message.headerContains(text) || message.bodyContains(text);
    }

    private static Test not(Test inner) {
        return message -> !inner.holds(message);
    }

    private Test[] cheapFirst(List<SearchKey> keys) {
        List<SearchKey> sorted = new ArrayList<>(keys);
        sorted.sort(Comparator.comparingInt(SearchProgram::cost));
        return sorted.stream().map(this::test).toArray(Test[]::new);
    }

    private static Test and(Test[] tests) {
        return message -> {
            for (Test test : tests) {
                if (!test.holds(message)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Test or(Test[] tests) {
        return message -> {
            for (Test test : tests) {
                if (test.holds(message)) {
                    return true;
                }
            }
            return false;
        };
    }

    /** 0 by the index alone, 1 by the header, 2 by the whole message. */
    private static int cost(SearchKey key) {
        return switch (key) {
            case SearchKey.Body _, SearchKey.Text _ -> 2;
            case SearchKey.Sent _, SearchKey.Address _, SearchKey.Header _ -> 1;
            case SearchKey.Not(SearchKey inner) -> cost(inner);
            case SearchKey.Or(SearchKey left, SearchKey right) -> Math.max(cost(left), cost(right));
            case SearchKey.And(List<SearchKey> keys) ->
                keys.stream().mapToInt(SearchProgram::cost).max().orElse(0);
            case SearchKey.All _,
                    SearchKey.HasFlag _,
                    SearchKey.HasKeyword _,
                    SearchKey.Recent _,
                    SearchKey.LargerThan _,
                    SearchKey.SmallerThan _,
                    SearchKey.Sequence _,
                    SearchKey.Uid _,
                    SearchKey.Received _ -> 0;
        };
    }
}
