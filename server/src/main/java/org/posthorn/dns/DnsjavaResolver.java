package org.posthorn.dns;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.posthorn.log.Metrics;

/**
 * Looks up with dnsjava at recursive servers. Caches, asks the same question only once at a time, and loads dnsjava
 * only at the first look-up. Thread-safe.
 *
 * <p>The hosts file is not read: mail goes by DNS, and a Debian machine names itself 127.0.1.1 there. Only
 * {@code localhost} is known without asking (RFC 6761 6.3), and {@code invalid} is known not to exist (6.4).
 */
public final class DnsjavaResolver implements Resolver {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    private final AnswerCache cache;
    private final ConcurrentMap<AnswerCache.Question, CompletableFuture<Answer<?>>> running = new ConcurrentHashMap<>();
    private final Supplier<LookUp> first;
    private final DnsMetrics metrics;
    private volatile Optional<LookUp> lookUp = Optional.empty();

    public DnsjavaResolver(DnsConfig config, InstantSource clock) {
        this(config, clock, new Metrics());
    }

    public DnsjavaResolver(DnsConfig config, InstantSource clock, Metrics metrics) {
        this(config, clock, metrics, RESOLV_CONF);
    }

    DnsjavaResolver(DnsConfig config, InstantSource clock, Metrics metrics, Path resolvConf) {
        this.cache = new AnswerCache(config, clock);
        this.metrics = new DnsMetrics(metrics, cache);
        this.first = () -> LookUp.of(config, new ResolvConf(resolvConf), clock);
    }

    /** The answer's type follows from the question's: {@link LookUp} makes the records of each type. */
    @Override
    @SuppressWarnings("unchecked")
    public <T> Answer<T> ask(RecordType<T> type, String name) {
        return (Answer<T>) answer(type, name);
    }

    private Answer<?> answer(RecordType<?> type, String given) {
        String name = (given.endsWith(".") ? given.substring(0, given.length() - 1) : given).toLowerCase(Locale.ROOT);
        if (!isPossible(name) || name.equals("invalid") || name.endsWith(".invalid")) {
            return new Answer.NoSuchName<>();
        }
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return localhost(type);
        }
        AnswerCache.Question question = new AnswerCache.Question(type, name);
        Optional<Answer<?>> known = cache.find(question);
        metrics.asked(type, known.isPresent());
        return known.isPresent() ? known.get() : shared(question);
    }

    /** Whether a server could know the name at all; one with a backslash comes from a strange MX record. */
    static boolean isPossible(String name) {
        if (name.isEmpty()
                || name.length() > MAX_NAME
                || !name.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '\\')) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > MAX_LABEL) {
                return false;
            }
        }
        return true;
    }

    private static Answer<?> localhost(RecordType<?> type) {
        if (type.equals(RecordType.A)) {
            return new Answer.Found<>(List.of(InetAddress.ofLiteral("127.0.0.1")), false);
        }
        if (type.equals(RecordType.AAAA)) {
            return new Answer.Found<>(List.of(InetAddress.ofLiteral("::1")), false);
        }
        return new Answer.NoData<>();
    }

    /** Asks, or waits for the thread that asks the same already. */
    private Answer<?> shared(AnswerCache.Question question) {
        CompletableFuture<Answer<?>> mine = new CompletableFuture<>();
        CompletableFuture<Answer<?>> others = running.putIfAbsent(question, mine);
        if (others != null) {
            // Ends: the asking thread completes it in a finally block, and its own waits are limited.
            return others.join();
        }
        Answer<?> answer = new Answer.Failure<>(FailureKind.UNREACHABLE, "look-up failed");
        try {
            long begun = System.nanoTime();
            TimedAnswer timed = lookUp().ask(question.type(), question.name());
            cache.keep(question, timed);
            answer = timed.answer();
            metrics.answered(answer, System.nanoTime() - begun);
        } finally {
            var _ = running.remove(question);
            mine.complete(answer);
        }
        return answer;
    }

    private LookUp lookUp() {
        Optional<LookUp> present = lookUp;
        if (present.isEmpty()) {
            // Two threads may both make one at first; either will do.
            present = Optional.of(first.get());
            lookUp = present;
        }
        return present.get();
    }
}
