package org.posthorn.mailbox;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A query made ready for many messages: cheap keys are asked before those that open the message. */
final class SearchProgram {
    private final Test test;

    /** Whether a message is one. */
    @FunctionalInterface
    private interface Test {
        boolean holds(SearchedMessage message) throws IOException;
    }

    SearchProgram(SearchQuery query) {
        this.test = test(query);
    }

    boolean matches(SearchedMessage message) throws IOException {
        return test.holds(message);
    }

    private static Test test(SearchQuery query) {
        return switch (query) {
            case SearchQuery.All() -> message -> true;
            case SearchQuery.HasFlag(int flag) -> message -> message.flags().has(flag);
            case SearchQuery.HasKeyword(String keyword) ->
                message -> message.flags().hasKeyword(keyword);
            case SearchQuery.Uids uids -> message -> uids.contains(message.uid());
            case SearchQuery.LargerThan(long octets) -> message -> message.size() > octets;
            case SearchQuery.SmallerThan(long octets) -> message -> message.size() < octets;
            case SearchQuery.Received(SearchQuery.Comparison comparison, LocalDate date) ->
                message -> comparison.holds(day(message.internalDate()), date);
            case SearchQuery.Sent(SearchQuery.Comparison comparison, LocalDate date) ->
                message -> message.sentDay()
                        .filter(day -> comparison.holds(day, date))
                        .isPresent();
            case SearchQuery.Address(String field, String text) -> address(field, text);
            case SearchQuery.Header(String field, String text) -> header(field, text);
            case SearchQuery.Body(String text) -> body(new SearchText(text));
            case SearchQuery.Text(String text) -> text(new SearchText(text));
            case SearchQuery.Not(SearchQuery inner) -> not(test(inner));
            case SearchQuery.Or(SearchQuery left, SearchQuery right) -> or(cheapFirst(List.of(left, right)));
            case SearchQuery.And(List<SearchQuery> queries) -> and(cheapFirst(queries));
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

    /** RFC 3501 6.4.4 asks for the envelope's field, which has no comments; clients mean what they see, which has names. */
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

    private static Test[] cheapFirst(List<SearchQuery> queries) {
        List<SearchQuery> sorted = new ArrayList<>(queries);
        sorted.sort(Comparator.comparingInt(SearchProgram::cost));
        return sorted.stream().map(SearchProgram::test).toArray(Test[]::new);
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
    private static int cost(SearchQuery query) {
        return switch (query) {
            case SearchQuery.Body _, SearchQuery.Text _ -> 2;
            case SearchQuery.Sent _, SearchQuery.Address _, SearchQuery.Header _ -> 1;
            case SearchQuery.Not(SearchQuery inner) -> cost(inner);
            case SearchQuery.Or(SearchQuery left, SearchQuery right) -> Math.max(cost(left), cost(right));
            case SearchQuery.And(List<SearchQuery> queries) ->
                queries.stream().mapToInt(SearchProgram::cost).max().orElse(0);
            case SearchQuery.All _,
                    SearchQuery.HasFlag _,
                    SearchQuery.HasKeyword _,
                    SearchQuery.LargerThan _,
                    SearchQuery.SmallerThan _,
                    SearchQuery.Uids _,
                    SearchQuery.Received _ -> 0;
        };
    }
}
