package org.posthorn.protocol.imap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of message numbers or UIDs as a client writes it (RFC 3501 section 9, sequence-set): {@code 2,4:7,9,12:*}.
 *
 * @param ranges in the order written, a reversed range turned round where both ends are numbers
 */
public record SequenceSet(List<Range> ranges) {
    /** Stands for {@code *}, the largest number in use. */
    public static final long STAR = Long.MAX_VALUE;

    private static final long MAX = 0xffff_ffffL;

    /** From first to last, both included; either may be {@link #STAR}. */
    public record Range(long first, long last) {
        boolean isFixed() {
            return first != STAR && last != STAR;
        }
    }

    public SequenceSet {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads a set.
     *
     * @throws ImapSyntaxException for anything but sequence-set, a zero, or a number over 32 bits
     */
    public static SequenceSet parse(String text) {
        List<Range> ranges = new ArrayList<>(1);
        int at = 0;
        while (true) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            ranges.add(range(text, at, end));
            if (comma < 0) {
                return new SequenceSet(ranges);
            }
            at = comma + 1;
        }
    }

    private static Range range(String text, int from, int to) {
        int colon = text.indexOf(':', from);
        if (colon < 0 || colon >= to) {
            long only = number(text, from, to);
            return new Range(only, only);
        }
        long first = number(text, from, colon);
        long last = number(text, colon + 1, to);
        // 2:4 and 4:2 are equivalent; * stays last, it is resolved when the mailbox is known.
        return first <= last ? new Range(first, last) : new Range(last, first);
    }

    private static long number(String text, int from, int to) {
        if (to - from == 1 && text.charAt(from) == '*') {
            return STAR;
        }
        if (from == to || text.charAt(from) == '0' || to - from > 10) {
            throw new ImapSyntaxException("Invalid message set");
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new ImapSyntaxException("Invalid message set");
            }
            value = value * 10 + digit;
        }
        if (value > MAX) {
            throw new ImapSyntaxException("Number too large in message set");
        }
        return value;
    }

    /**
     * The set with {@code *} replaced: ascending ranges that neither touch nor overlap.
     *
     * @param largest the largest number in use; 0 for an empty mailbox, where ranges that only hold {@code *} vanish
     */
    public List<Range> resolve(long largest) {
        List<Range> fixed = new ArrayList<>(ranges.size());
        for (Range range : ranges) {
            long first = range.first == STAR ? largest : range.first;
            long last = range.last == STAR ? largest : range.last;
            if (first > 0 && last > 0) {
                fixed.add(new Range(Math.min(first, last), Math.max(first, last)));
            }
        }
        return merged(fixed);
    }

    private static List<Range> merged(List<Range> ranges) {
        if (ranges.size() < 2) {
            return ranges;
        }
        ranges.sort(Comparator.comparingLong(Range::first));
        List<Range> result = new ArrayList<>(ranges.size());
        Range current = ranges.getFirst();
        for (Range next : ranges.subList(1, ranges.size())) {
            if (next.first <= current.last + 1) {
                current = new Range(current.first, Math.max(current.last, next.last));
            } else {
                result.add(current);
                current = next;
            }
        }
        result.add(current);
        return result;
    }

    /** Whether every number that is written out is at most the largest. */
    public boolean isWithin(long largest) {
        for (Range range : ranges) {
            boolean beyond = range.first != STAR && range.first > largest && (range.isFixed() || largest > 0);
            if (beyond || (range.last != STAR && range.last > largest)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the number is in the set, when {@code largest} is the largest in use. */
    public boolean contains(long number, long largest) {
        for (Range range : ranges) {
            long first = range.first == STAR ? largest : range.first;
            long last = range.last == STAR ? largest : range.last;
            if (number >= Math.min(first, last) && number <= Math.max(first, last)) {
                return true;
            }
        }
        return false;
    }

    /** Numbers in the order given, as a uid-set of RFC 4315: neighbours that ascend by one become a range. */
    public static String format(List<Long> numbers) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < numbers.size()) {
            int end = i;
            while (end + 1 < numbers.size() && numbers.get(end + 1) == numbers.get(end) + 1) {
                end++;
            }
            text.append(text.isEmpty() ? "" : ",").append(numbers.get(i).longValue());
            if (end > i) {
                text.append(':').append(numbers.get(end).longValue());
            }
            i = end + 1;
        }
        return text.toString();
    }
}
