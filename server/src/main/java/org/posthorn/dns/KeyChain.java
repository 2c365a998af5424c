package org.posthorn.dns;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/**
 * What the validator asks through: the servers, and before them the answers to earlier questions for keys, which are the
 * same for all names of a zone. They are kept as they came and checked anew at each use. Thread-safe.
 */
final class KeyChain implements Resolver {
    /** Answers kept: one or two for each zone, those of the root and the large registries among them. */
    static final int MAX_ANSWERS = 2000;

    /** Octets of all those together. */
    static final long MAX_OCTETS = 8L << 20;

    static final Duration LONGEST_TTL = Duration.ofMinutes(15);

    /** The servers, or a test's. */
    interface Source {
        /** A message that says NOERROR or NXDOMAIN, with its signatures. */
        Message ask(Message query) throws IOException;
    }

    private final Source servers;
    private final TimedMap<Question, byte[]> kept;

    private record Question(int type, String name) {}

    KeyChain(Source servers, InstantSource clock) {
        this.servers = servers;
        this.kept = new TimedMap<>(MAX_ANSWERS, MAX_OCTETS, clock);
    }

    Validation begin(Message question) {
        return new Validation(question);
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        // The validator hands on the executor that it was given with the question.
        Validation validation = (Validation) executor;
        CompletableFuture<Message> future = new CompletableFuture<>();
        validation.execute(() -> {
            try {
                future.complete(reply(query, validation));
            } catch (IOException e) {
                validation.failed(e);
                future.completeExceptionally(e);
            } catch (RuntimeException e) {
                IOException failure = new LookUpException(FailureKind.MALFORMED, "malformed answer: " + e);
                validation.failed(failure);
                future.completeExceptionally(failure);
            }
        });
        return future;
    }

    private Message reply(Message query, Validation validation) throws IOException {
        if (validation.begins(query)) {
            return Validator.prepared(servers.ask(query));
        }
        Record asked = query.getQuestion();
        Question question =
                new Question(asked.getType(), asked.getName().toString().toLowerCase(Locale.ROOT));
        byte[] known = kept.find(question).orElse(new byte[0]);
        if (known.length > 0) {
            return new Message(known);
        }
        Message reply = servers.ask(query);
        keep(question, reply);
        return reply;
    }

    private void keep(Question question, Message reply) {
        byte[] octets = reply.toWire();
        kept.keep(question, octets, octets.length, ttl(reply));
    }

    /** The shortest of all records; nothing is known of an answer without records (RFC 2308 5). */
    private static Duration ttl(Message reply) {
        long seconds = LONGEST_TTL.toSeconds();
        boolean empty = true;
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : reply.getSection(section)) {
                empty = false;
                seconds = Math.min(seconds, record.getTTL());
                if (record instanceof SOARecord soa) {
                    seconds = Math.min(seconds, soa.getMinimum());
                }
            }
        }
        return Duration.ofSeconds(empty ? 0 : seconds);
    }

    /** As {@link Resolver} wants it; the validator only sets what the servers are asked for anyway. */
    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

    @Override
    public void setIgnoreTruncation(boolean flag) {}

    @Override
    public void setPort(int port) {
        throw ofTheServers();
    }

    @Override
    public void setTCP(boolean flag) {
        throw ofTheServers();
    }

    @Override
    public void setTSIGKey(TSIG key) {
        throw ofTheServers();
    }

    @Override
    public void setTimeout(Duration timeout) {
        throw ofTheServers();
    }

    /** How servers are asked is configured, and the validator has no say in it: to pass over a wish of its own would hide a mistake. */
    private static IllegalStateException ofTheServers() {
        return new IllegalStateException("the validator does not choose how the servers are asked");
    }
}
