package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.Changes;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;

/** Many sessions on one mailbox at once. */
class ConcurrencyTest {
    private static final int SESSIONS = 16;
    private static final int STEPS = 60;

    @TempDir
    Path root;

    /** A session's picture of the mailbox, kept up by changes alone. */
    private static final class View {
        private final TreeMap<Long, Message> messages = new TreeMap<>();
        private long modSeq;

        View(Mailbox mailbox) {
            modSeq = mailbox.highestModSeq();
            mailbox.messages().forEach(message -> messages.put(message.uid(), message));
        }

        void follow(Mailbox mailbox) throws Exception {
            Changes changes = mailbox.changesSince(modSeq);
            assertThat(changes.modSeq()).isGreaterThanOrEqualTo(modSeq);
            changes.expunged().forEach(messages::remove);
            changes.changed().forEach(message -> messages.put(message.uid(), message));
            modSeq = changes.modSeq();
        }
    }

    @Test
    void allSessionsEndWithTheSamePicture() throws Exception {
        try (MaildirFixture fixture = new MaildirFixture(root);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                fixture.deliver("A00000000" + (10 + i));
            }
            Set<String> subjects = ConcurrentHashMap.newKeySet();
            List<Mailbox> mailboxes = new ArrayList<>();
            List<View> views = new ArrayList<>();
            List<Future<Boolean>> running = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                Mailbox mailbox = fixture.inbox();
                View view = new View(mailbox);
                mailboxes.add(mailbox);
                views.add(view);
                int session = i;
                running.add(threads.submit((Callable<Boolean>) () -> {
                    Random random = new Random(session);
                    for (int step = 0; step < STEPS; step++) {
                        act(fixture, mailbox, random, session * 1000 + step, subjects);
                        view.follow(mailbox);
                    }
                    return true;
                }));
            }
            for (Future<Boolean> one : running) {
                assertThat(one.get()).isTrue();
            }
            List<Message> end = mailboxes.getFirst().messages();
            assertThat(end).extracting(Message::uid).isSorted().doesNotHaveDuplicates();
            for (int i = 0; i < SESSIONS; i++) {
                views.get(i).follow(mailboxes.get(i));
                assertThat(views.get(i).messages.values()).containsExactlyElementsOf(end);
            }
            List<Long> uids = uids(mailboxes.getFirst());
            fixture.restart();
            Mailbox again = fixture.inbox();
            assertThat(uids(again)).isEqualTo(uids);
            assertThat(again.messages().stream().map(Message::flags).toList())
                    .isEqualTo(end.stream().map(Message::flags).toList());
            Set<Path> files = new HashSet<>();
            try (var stream = java.nio.file.Files.list(fixture.maildir.resolve("cur"))) {
                files.addAll(stream.collect(Collectors.toSet()));
            }
            assertThat(files).hasSize(uids.size());
        }
    }

    private static void act(MaildirFixture fixture, Mailbox mailbox, Random random, int number, Set<String> subjects)
            throws Exception {
        List<Long> uids = uids(mailbox);
        List<Long> some = uids.isEmpty() ? List.of() : List.of(uids.get(random.nextInt(uids.size())));
        switch (random.nextInt(7)) {
            case 0 -> fixture.deliver("B" + (1_000_000_000 + number));
            case 1 -> fixture.append("INBOX", "Subject: " + number + "\n\n", Flags.of(Flags.SEEN));
            case 2 -> mailbox.expunge(some);
            case 3 -> mailbox.copy(some, MailboxName.INBOX);
            case 4 -> mailbox.move(some, MailboxName.INBOX);
            case 5 ->
                mailbox.store(
                        some,
                        new FlagChange(FlagChange.Mode.ADD, new Flags(Flags.FLAGGED, Set.of("k" + random.nextInt(5)))));
            default -> mailbox.store(some, new FlagChange(FlagChange.Mode.REPLACE, Flags.of(random.nextInt(32))));
        }
        subjects.add(String.valueOf(number));
    }
}
