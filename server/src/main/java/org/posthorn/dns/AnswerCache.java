package org.posthorn.dns;

import java.time.InstantSource;
import java.util.Optional;

/** Keeps answers until their time is over, failures too. Thread-safe. */
final class AnswerCache {
    /** What an entry takes besides its text, about. */
    private static final int ENTRY = 250;

    private static final int RECORD = 64;

    /** What was asked; the name is in lower case. */
    record Question(RecordType<?> type, String name) {}

    private final TimedMap<Question, Answer<?>> answers;

    AnswerCache(DnsConfig config, InstantSource clock) {
        this.answers = new TimedMap<>(config.cacheEntries(), config.cacheOctets(), clock);
    }

    Optional<Answer<?>> find(Question question) {
        return answers.find(question);
    }

    void keep(Question question, TimedAnswer answer) {
        answers.keep(question, answer.answer(), octets(question, answer.answer()), answer.ttl());
    }

    int size() {
        return answers.size();
    }

    long octets() {
        return answers.octets();
    }

    private static long octets(Question question, Answer<?> answer) {
        long octets = (long) ENTRY + question.name().length();
        if (answer instanceof Answer.Failure<?> failure) {
            octets += failure.reason().length();
        }
        for (Object record : answer.recordsOrNone()) {
            octets += (long) RECORD
                    + switch (record) {
                        case String text -> text.length();
                        case TlsaRecord tlsa -> tlsa.association().length();
                        case CaaRecord caa -> caa.value().length();
                        default -> 0;
                    };
        }
        return octets;
    }
}
