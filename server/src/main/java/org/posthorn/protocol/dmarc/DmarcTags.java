package org.posthorn.protocol.dmarc;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.posthorn.protocol.dmarc.DmarcRecord.FailureOption;
import org.posthorn.protocol.dmarc.DmarcRecord.PublicSuffix;

/** The tags of one record (RFC 9989 4.8): unknown ones, and what is no tag, are passed over; of a tag given twice the first counts. */
final class DmarcTags {
    /** Tags that are looked at; a record has a dozen. */
    static final int MAX_TAGS = 100;

    /** dmarc-version: the tag first of all, its value in this very case. */
    private static final Pattern VERSION = Pattern.compile("^[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)");

    private final Map<String, String> values = new HashMap<>();

    private DmarcTags() {}

    static Optional<DmarcTags> read(String text) {
        if (!VERSION.matcher(text).find()) {
            return Optional.empty();
        }
        DmarcTags tags = new DmarcTags();
        int start = 0;
        for (int count = 0; start < text.length() && count < MAX_TAGS; count++) {
            int semicolon = text.indexOf(';', start);
            int end = semicolon < 0 ? text.length() : semicolon;
            tags.add(text.substring(start, end));
            start = end + 1;
        }
        return Optional.of(tags);
    }

    private void add(String tag) {
        int equals = tag.indexOf('=');
        if (equals > 0) {
            values.putIfAbsent(
                    tag.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                    tag.substring(equals + 1).strip());
        }
    }

    DmarcRecord record() {
        List<ReportAddress> aggregate = ReportAddress.list(value("rua"));
        List<ReportAddress> failure = ReportAddress.list(value("ruf"));
        Optional<Policy> policy = Policy.of(value("p"));
        boolean valid = policy.isPresent() && isPolicyOrAbsent("sp") && isPolicyOrAbsent("np");
        // RFC 9989 4.10.1: a record without a valid policy that asks for reports is one with p=none,
        // and otherwise none at all.
        OptionalInt percentage = percentage();
        boolean zero = !values.containsKey("t") && percentage.isPresent() && percentage.getAsInt() == 0;
        return new DmarcRecord(
                valid ? policy.get() : Policy.NONE,
                valid ? Policy.of(value("sp")) : Optional.empty(),
                valid ? Policy.of(value("np")) : Optional.empty(),
                alignment("adkim"),
                alignment("aspf"),
                failure.isEmpty() ? Set.of(FailureOption.ALL_FAIL) : failureOptions(),
                aggregate,
                failure,
                publicSuffix(),
                value("t").equalsIgnoreCase("y") || zero,
                percentage,
                valid || !aggregate.isEmpty());
    }

    private String value(String tag) {
        return values.getOrDefault(tag, "");
    }

    private boolean isPolicyOrAbsent(String tag) {
        return !values.containsKey(tag) || Policy.of(value(tag)).isPresent();
    }

    private Alignment alignment(String tag) {
        return value(tag).equalsIgnoreCase("s") ? Alignment.STRICT : Alignment.RELAXED;
    }

    private PublicSuffix publicSuffix() {
        return switch (value("psd").toLowerCase(Locale.ROOT)) {
            case "y" -> PublicSuffix.YES;
            case "n" -> PublicSuffix.NO;
            default -> PublicSuffix.UNSAID;
        };
    }

    private Set<FailureOption> failureOptions() {
        Set<FailureOption> options = EnumSet.noneOf(FailureOption.class);
        String given = ":" + value("fo").replaceAll("[ \t]", "").toLowerCase(Locale.ROOT) + ":";
        for (FailureOption option : FailureOption.values()) {
            if (given.contains(":" + option.text() + ":")) {
                options.add(option);
            }
        }
        return options.isEmpty() ? Set.of(FailureOption.ALL_FAIL) : options;
    }

    private OptionalInt percentage() {
        String given = value("pct");
        if (given.isEmpty() || given.length() > 3 || !given.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        int percentage = Integer.parseInt(given);
        return percentage <= 100 ? OptionalInt.of(percentage) : OptionalInt.empty();
    }
}
