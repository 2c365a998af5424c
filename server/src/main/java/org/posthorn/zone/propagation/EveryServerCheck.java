package org.posthorn.zone.propagation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.posthorn.dns.Answer;
import org.posthorn.dns.NameServer;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.rotation.PropagationCheck;
import org.posthorn.zone.Zones;

/**
 * Looks for key records at every server of the zone, each asked directly, and by recursion. A receiver's resolver may ask any of
 * them, and one that lags denies the key (RFC 1034 4.3.5: secondaries follow the primary when they find the time).
 *
 * <p>Where the record's name is an alias, as mail services have it, the servers of every zone on the way are asked for
 * their step. The servers are asked at the same time. Thread-safe.
 */
public final class EveryServerCheck implements PropagationCheck {
    /** Aliases that are followed, as the resolver does. */
    private static final int MAX_ALIASES = 8;

    private final Resolver resolver;
    private final Zones zones;

    /**
     * For one look.
     *
     * @param resolver finds the zone's servers, and is asked for the record too
     */
    public EveryServerCheck(Resolver resolver, Zones zones) {
        this.resolver = resolver;
        this.zones = zones;
    }

    /** What one server says: it lacks something, or was silent, or neither. */
    private record Word(Optional<String> lack, Optional<String> silence) {}

    @Override
    public Sighting look(DkimKeyEntry key) {
        List<String> missing = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        String name = key.recordName();
        for (int hop = 0; ; hop++) {
            Optional<String> target =
                    resolver.cname(name).recordsOrNone().stream().findFirst();
            String asked = name;
            ask(
                    asked,
                    target.isPresent()
                            ? server -> aliasLack(server.data(RecordType.CNAME, asked), target.get())
                            : server -> word(server.data(RecordType.TXT, asked), key.record()),
                    missing,
                    silent);
            if (target.isEmpty() || hop == MAX_ALIASES) {
                break;
            }
            name = target.get();
        }
        if (new RecursionCheck(resolver).look(key) instanceof Sighting.Missing(var where)) {
            missing.addAll(where);
        }
        if (!missing.isEmpty()) {
            return new Sighting.Missing(missing);
        }
        return silent.isEmpty() ? new Sighting.Seen() : new Sighting.Silent(silent);
    }

    private interface Question {
        Word of(NameServer server);
    }

    private static Word word(Answer<String> answer, String record) {
        return answer instanceof Answer.Failure<String>(var _, var reason)
                ? new Word(Optional.empty(), Optional.of(reason))
                : new Word(RecursionCheck.lack(answer, record), Optional.empty());
    }

    private static Word aliasLack(Answer<String> answer, String target) {
        if (answer instanceof Answer.Failure<String>(var _, var reason)) {
            return new Word(Optional.empty(), Optional.of(reason));
        }
        return new Word(
                answer.recordsOrNone().contains(target) ? Optional.empty() : Optional.of("not the alias to " + target),
                Optional.empty());
    }

    private void ask(String name, Question question, List<String> missing, List<String> silent) {
        Optional<Zones.Zone> zone = zones.holding(name);
        if (zone.isEmpty() || zone.get().hosts().isEmpty()) {
            silent.add("the servers of the zone that holds " + name + " cannot be found");
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Word>> words = new ArrayList<>();
            for (Map.Entry<String, List<NameServer>> host : zone.get().hosts().entrySet()) {
                Callable<Word> asking = () -> ask(host.getKey(), host.getValue(), question);
                words.add(threads.submit(asking));
            }
            for (Future<Word> word : words) {
                word.get().lack().ifPresent(missing::add);
                word.get().silence().ifPresent(silent::add);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            silent.add("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a question to a name server failed", e.getCause());
        }
    }

    /** All addresses of a server, which may be different machines; it is silent when none answers, since not everybody has IPv6. */
    private static Word ask(String host, List<NameServer> addresses, Question question) {
        List<String> lacks = new ArrayList<>();
        List<String> silences = new ArrayList<>();
        for (NameServer address : addresses) {
            Word word = question.of(address);
            word.lack().ifPresent(lack -> lacks.add(address + ": " + lack));
            word.silence().ifPresent(silence -> silences.add(address + ": " + silence));
        }
        if (!lacks.isEmpty()) {
            return new Word(Optional.of(String.join(", ", lacks)), Optional.empty());
        }
        if (addresses.isEmpty()) {
            return new Word(Optional.empty(), Optional.of(host + ": no address"));
        }
        return new Word(
                Optional.empty(),
                silences.size() == addresses.size() ? Optional.of(String.join(", ", silences)) : Optional.empty());
    }
}
