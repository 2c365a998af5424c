package org.posthorn.dns;

import java.util.Locale;
import org.posthorn.log.Counter;
import org.posthorn.log.Histogram;
import org.posthorn.log.Metrics;

/** The numbers of the look-ups. */
final class DnsMetrics {
    /** Seconds; the last is where a first server has not answered and the next one has. */
    private static final double[] SECONDS = {0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final Counter questions;
    private final Counter hits;
    private final Counter answers;
    private final Counter failures;
    private final Histogram seconds;

    DnsMetrics(Metrics metrics, AnswerCache cache) {
        questions = metrics.counter("posthorn_dns_questions", "Names looked up, by type of record", "type");
        hits = metrics.counter("posthorn_dns_cache_hits", "Look-ups answered from the cache");
        answers = metrics.counter(
                "posthorn_dns_answers", "Answers got from servers, by outcome and DNSSEC's proof", "outcome", "secure");
        failures = metrics.counter("posthorn_dns_failures", "Look-ups that servers did not answer, by kind", "kind");
        seconds = metrics.histogram(
                "posthorn_dns_seconds",
                "Time of look-ups that were not in the cache, aliases and keys included",
                SECONDS);
        metrics.gauge("posthorn_dns_cache_entries", "Answers in the cache", cache::size);
        metrics.gauge("posthorn_dns_cache_bytes", "About how much memory they take", cache::octets);
    }

    void asked(RecordType<?> type, boolean known) {
        questions.increment(type.mnemonic());
        if (known) {
            hits.increment();
        }
    }

    void answered(Answer<?> answer, long nanos) {
        seconds.observe(nanos / 1e9);
        String secure = answer.isSecure() ? "yes" : "no";
        switch (answer) {
            case Answer.Found<?> _ -> answers.increment("found", secure);
            case Answer.NoData<?> _ -> answers.increment("no_data", secure);
            case Answer.NoSuchName<?> _ -> answers.increment("no_such_name", secure);
            case Answer.Failure<?> failure ->
                failures.increment(failure.kind().name().toLowerCase(Locale.ROOT));
        }
    }
}
