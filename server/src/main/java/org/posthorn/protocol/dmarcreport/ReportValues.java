package org.posthorn.protocol.dmarcreport;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the elements of a report mean. Words that no specification knows get the most harmless meaning; numbers must be numbers. */
final class ReportValues {
    private static final int MAX_AUTH_RESULTS = 100;
    private static final int MAX_REASONS = 20;
    /** Far beyond any period: the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private static final long MOST_MESSAGES = 1_000_000_000_000L;

    private ReportValues() {}

    static AggregateReport.Metadata metadata(XmlElement element) {
        XmlElement range =
                element.child("date_range").orElseThrow(() -> new ReportSyntaxException("no element date_range"));
        Instant begin = time(range, "begin");
        Instant end = time(range, "end");
        if (end.isBefore(begin)) {
            throw new ReportSyntaxException("the period ends before it begins");
        }
        String id = element.textOf("report_id").orElse("");
        if (id.isEmpty()) {
            throw new ReportSyntaxException("no report_id");
        }
        return new AggregateReport.Metadata(
                element.textOf("org_name").orElse(""),
                element.textOf("email").orElse(""),
                present(element, "extra_contact_info"),
                id,
                begin,
                end,
                element.children("error")
                        .map(XmlElement::text)
                        .filter(text -> !text.isEmpty())
                        .limit(MAX_REASONS)
                        .toList(),
                present(element, "generator"));
    }

    private static Instant time(XmlElement range, String name) {
        // some write fractions of a second, which nobody wants
        String digits = range.textOf(name).orElse("").split("[.]", -1)[0];
        return Instant.ofEpochSecond(number(digits, name, LAST_SECOND));
    }

    private static long number(String digits, String name, long most) {
        if (!digits.matches("[0-9]{1,15}") || Long.parseLong(digits) > most) {
            throw new ReportSyntaxException(
                    name + " is no sensible number: " + AggregateReportParser.shortened(digits));
        }
        return Long.parseLong(digits);
    }

    static PublishedPolicy policy(XmlElement element) {
        String domain = element.textOf("domain").orElse("");
        if (domain.isEmpty()) {
            throw new ReportSyntaxException("policy_published names no domain");
        }
        return new PublishedPolicy(
                domain.toLowerCase(Locale.ROOT),
                is(element, "adkim", "s"),
                is(element, "aspf", "s"),
                disposition(element, "p"),
                disposition(element, "sp"),
                disposition(element, "np"),
                is(element, "testing", "y"),
                Stream.of(PublishedPolicy.Discovery.values())
                        .filter(method -> is(element, "discovery_method", method.word()))
                        .findFirst(),
                present(element, "fo"));
    }

    static ReportRecord record(XmlElement element) {
        XmlElement row = element.childOrEmpty("row");
        XmlElement evaluated = row.childOrEmpty("policy_evaluated");
        XmlElement identifiers = element.childOrEmpty("identifiers");
        XmlElement results = element.childOrEmpty("auth_results");
        return new ReportRecord(
                address(row.textOf("source_ip").orElse("")),
                number(row.textOf("count").orElse(""), "count", MOST_MESSAGES),
                disposition(evaluated, "disposition").orElse(DispositionType.NONE),
                is(evaluated, "dkim", "pass"),
                is(evaluated, "spf", "pass"),
                reasons(evaluated),
                identifiers.textOf("header_from").orElse("").toLowerCase(Locale.ROOT),
                identifiers.textOf("envelope_from"),
                identifiers.textOf("envelope_to"),
                results.children("dkim")
                        .limit(MAX_AUTH_RESULTS)
                        .map(ReportValues::dkim)
                        .toList(),
                results.children("spf")
                        .limit(MAX_AUTH_RESULTS)
                        .map(ReportValues::spf)
                        .toList());
    }

    /** A literal only: no name is ever looked up. */
    private static InetAddress address(String text) {
        try {
            if (text.length() <= 45) {
                return InetAddress.ofLiteral(text);
            }
        } catch (IllegalArgumentException e) {
            throw new ReportSyntaxException("source_ip is no address: " + AggregateReportParser.shortened(text), e);
        }
        throw new ReportSyntaxException("source_ip is no address: " + AggregateReportParser.shortened(text));
    }

    private static List<OverrideReason> reasons(XmlElement evaluated) {
        return evaluated
                .children("reason")
                .limit(MAX_REASONS)
                .map(reason -> new OverrideReason(
                        Stream.of(OverrideReason.Type.values())
                                .filter(type -> is(reason, "type", type.word()))
                                .findFirst()
                                .orElse(OverrideReason.Type.OTHER),
                        reason.textOf("comment").orElse("")))
                .toList();
    }

    private static ReportRecord.DkimAuth dkim(XmlElement element) {
        return new ReportRecord.DkimAuth(
                element.textOf("domain").orElse("").toLowerCase(Locale.ROOT),
                element.textOf("selector").orElse(""),
                outcome(element),
                element.textOf("human_result").orElse(""));
    }

    private static ReportRecord.SpfAuth spf(XmlElement element) {
        return new ReportRecord.SpfAuth(
                element.textOf("domain").orElse("").toLowerCase(Locale.ROOT),
                is(element, "scope", "helo"),
                outcome(element),
                element.textOf("human_result").orElse(""));
    }

    private static AuthOutcome outcome(XmlElement element) {
        String word = element.textOf("result").orElse("").toLowerCase(Locale.ROOT);
        return switch (word) {
            // RFC 7489 appendix C: the names of before RFC 7208, still written; hardfail is from RFC 5451
            case "unknown" -> AuthOutcome.TEMPERROR;
            case "error" -> AuthOutcome.PERMERROR;
            case "hardfail" -> AuthOutcome.FAIL;
            default ->
                Stream.of(AuthOutcome.values())
                        .filter(outcome -> outcome.word().equals(word))
                        .findFirst()
                        .orElse(AuthOutcome.NONE);
        };
    }

    private static Optional<DispositionType> disposition(XmlElement element, String name) {
        return Stream.of(DispositionType.values())
                .filter(disposition -> is(element, name, disposition.word()))
                .findFirst();
    }

    private static boolean is(XmlElement element, String name, String word) {
        return element.textOf(name).filter(word::equalsIgnoreCase).isPresent();
    }

    private static Optional<String> present(XmlElement element, String name) {
        return element.textOf(name).filter(text -> !text.isEmpty());
    }
}
