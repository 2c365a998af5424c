package org.posthorn.queue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;

/** An agent whose answers a test gives, and which remembers what it was given. */
public final class ScriptedAgent implements DeliveryAgent {
    public record Got(Destination destination, QueueId id, Address recipient, String content, boolean mayBeRepeat) {}

    public final List<Got> got = Collections.synchronizedList(new ArrayList<>());
    public final AtomicInteger sessions = new AtomicInteger();
    public final AtomicInteger busy = new AtomicInteger();
    public final AtomicInteger mostBusy = new AtomicInteger();
    public volatile BiConsumer<String, Boolean> onContent = (content, mayBeRepeat) -> {};
    public volatile IntConsumer onStart = session -> {};
    public volatile Consumer<Job> onJob = job -> {};
    public volatile IntConsumer onLeave = session -> {};
    public volatile BiFunction<Destination, Address, DeliveryOutcome> answer = (destination, address) -> delivered();

    public static DeliveryOutcome delivered() {
        return new DeliveryOutcome.Delivered("host[192.0.2.1]:25", new EnhancedStatus(2, 0, 0), "250 ok");
    }

    public static DeliveryOutcome deferred() {
        return new DeliveryOutcome.Deferred("host[192.0.2.1]:25", new EnhancedStatus(4, 2, 2), "452 full", true);
    }

    public static DeliveryOutcome unreachable() {
        return new DeliveryOutcome.Deferred("none", new EnhancedStatus(4, 4, 1), "connection refused", false);
    }

    public static DeliveryOutcome failed() {
        return new DeliveryOutcome.Failed("host[192.0.2.1]:25", new EnhancedStatus(5, 1, 1), "550 no such user", true);
    }

    @Override
    public void deliver(Destination destination, Jobs jobs) {
        int session = sessions.incrementAndGet();
        mostBusy.accumulateAndGet(busy.incrementAndGet(), Math::max);
        try {
            onStart.accept(session);
            Optional<Job> job = jobs.next();
            while (job.isPresent() && deliver(destination, job.get())) {
                job = jobs.next();
            }
            onLeave.accept(session);
        } finally {
            busy.decrementAndGet();
        }
    }

    private boolean deliver(Destination destination, Job job) {
        onJob.accept(job);
        boolean reached = true;
        for (Address recipient : job.recipients()) {
            DeliveryOutcome outcome = answer.apply(destination, recipient);
            onContent.accept(text(job.message()), job.mayBeRepeat());
            got.add(new Got(destination, job.message().id(), recipient, text(job.message()), job.mayBeRepeat()));
            job.settle(recipient, outcome);
            reached &= !outcome.relay().equals("none");
        }
        return reached;
    }

    public static String text(QueuedMessage message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            message.content().transferTo(0, message.content().size(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    public List<String> recipients() {
        return List.copyOf(got).stream()
                .map(each -> each.recipient().toString())
                .toList();
    }
}
