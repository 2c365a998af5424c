package org.posthorn.dns;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/**
 * One question on its way through the validator, which passes this on wherever it asks for more: it counts the messages, and
 * keeps the first failure. Thread-safe.
 */
final class Validation implements Executor, AutoCloseable {
    /** Messages for one question; an IPv6 address's name with nothing known yet takes about 70. */
    static final int MAX_MESSAGES = 150;

    private final Message question;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    Validation(Message question) {
        this.question = question;
    }

    /** Whether the message is the question itself, and not one for a key; and whether it is one too many. */
    boolean begins(Message query) throws LookUpException {
        int number = messages.incrementAndGet();
        if (number > MAX_MESSAGES) {
            throw new LookUpException(
                    FailureKind.MALFORMED, "validation needs more than " + MAX_MESSAGES + " messages");
        }
        return number == 1 && query.getQuestion().equals(question.getQuestion());
    }

    void failed(IOException e) {
        var _ = failure.compareAndSet(null, e);
    }

    Optional<IOException> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Waits for servers, so never on the threads that all share. */
    @Override
    public void execute(Runnable task) {
        var _ = Thread.startVirtualThread(task);
    }

    /** Ends what the validator may still ask for. */
    @Override
    public void close() {
        messages.set(MAX_MESSAGES);
    }
}
