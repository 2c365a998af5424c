package org.posthorn.server.imap;

import java.util.List;
import org.posthorn.mailbox.SearchQuery;
import org.posthorn.mailbox.SearchQuery.UidRange;
import org.posthorn.protocol.imap.SearchKey;
import org.posthorn.protocol.imap.SequenceSet;

/**
 * What a client's search keys mean in its view of the mailbox: message numbers, {@code *} and {@code \Recent} are the session's own and
 * become UIDs.
 */
record SearchScope(SelectedMailbox selected) {
    /** Of the messages that the client knows, those that match. */
    SearchQuery query(SearchKey key) {
        return new SearchQuery.And(List.of(uids(List.of(new UidRange(1, selected.largestUid()))), of(key)));
    }

    private static SearchQuery uids(List<UidRange> ranges) {
        return new SearchQuery.Uids(ranges);
    }

    private SearchQuery of(SearchKey key) {
        return switch (key) {
            case SearchKey.All() -> new SearchQuery.All();
            case SearchKey.HasFlag(var flag) -> new SearchQuery.HasFlag(FlagText.bit(flag));
            case SearchKey.HasKeyword(String keyword) -> new SearchQuery.HasKeyword(keyword);
            case SearchKey.Recent() -> uids(selected.recent());
            case SearchKey.Sequence(SequenceSet set) -> uids(selected.uidRanges(set, false));
            case SearchKey.Uid(SequenceSet set) -> uids(selected.uidRanges(set, true));
            case SearchKey.Received(var comparison, var date) -> new SearchQuery.Received(of(comparison), date);
            case SearchKey.Sent(var comparison, var date) -> new SearchQuery.Sent(of(comparison), date);
            case SearchKey.LargerThan(long octets) -> new SearchQuery.LargerThan(octets);
            case SearchKey.SmallerThan(long octets) -> new SearchQuery.SmallerThan(octets);
            case SearchKey.Address(String field, String text) -> new SearchQuery.Address(field, text);
            case SearchKey.Header(String field, String text) -> new SearchQuery.Header(field, text);
            case SearchKey.Body(String text) -> new SearchQuery.Body(text);
            case SearchKey.Text(String text) -> new SearchQuery.Text(text);
            case SearchKey.Not(SearchKey inner) -> new SearchQuery.Not(of(inner));
            case SearchKey.Or(SearchKey left, SearchKey right) -> new SearchQuery.Or(of(left), of(right));
            case SearchKey.And(List<SearchKey> keys) ->
                new SearchQuery.And(keys.stream().map(this::of).toList());
        };
    }

    private static SearchQuery.Comparison of(SearchKey.Comparison comparison) {
        return switch (comparison) {
            case BEFORE -> SearchQuery.Comparison.BEFORE;
            case ON -> SearchQuery.Comparison.ON;
            case SINCE -> SearchQuery.Comparison.SINCE;
        };
    }
}
