package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.MailboxName;

/** The numbers of an account's changes: none is given twice, and none without a ceiling in the index. */
class AccountFeedTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final MailboxName A = MailboxName.parse("A", '/');
    private static final MailboxName B = MailboxName.parse("B", '/');

    @TempDir
    Path directory;

    private final IndexThreads threads = new IndexThreads(1);

    @AfterEach
    void close() {
        threads.close();
    }

    private Path file() {
        return directory.resolve("index.db");
    }

    private AccountFeed feed() {
        return new AccountFeed(new Index(file(), threads, false, MailLog.none()), () -> NOW, false);
    }

    private long ceiling() throws Exception {
        threads.forget(file());
        try (Connection connection = IndexSchema.prepare(file())) {
            return IndexNumbers.value(connection, "mod_seq_ceiling").orElse(0L);
        }
    }

    private static long give(AccountFeed feed) throws IOException {
        feed.require(1);
        feed.created(A);
        return feed.modSeq();
    }

    @Test
    void anAccountThatNothingIsKnownOfBeginsAtTheTime() throws Exception {
        AccountFeed feed = feed();
        assertThat(feed.modSeq()).isEqualTo(NOW);
        assertThat(feed.first()).isEqualTo(NOW);
        assertThat(ceiling()).isZero();
        assertThat(give(feed)).isEqualTo(NOW + 1);
        assertThat(feed.first()).isEqualTo(NOW);
        assertThat(ceiling()).isEqualTo(NOW + 20_000_001);
    }

    /** Ten million are left for what goes on at the same time, and twenty are written down at once. */
    @Test
    void theCeilingIsRaisedBeforeItIsNear() throws Exception {
        AccountFeed feed = feed();
        feed.require(1);
        feed.require(10_000_000);
        assertThat(ceiling()).isEqualTo(NOW + 20_000_001);
        feed.require(10_000_001);
        assertThat(ceiling()).isEqualTo(NOW + 30_000_001);
    }

    @Test
    void afterACrashItGoesOnAboveTheCeilingAndAfterAStopWhereItWas() throws Exception {
        AccountFeed feed = feed();
        long last = give(feed);
        AccountFeed crashed = feed();
        assertThat(crashed.modSeq()).isEqualTo(NOW + 20_000_001);
        assertThat(crashed.since(last)).isEmpty();
        last = give(crashed);
        crashed.park();
        // Who still has a mailbox open gets none that the next start would give again.
        assertThatThrownBy(() -> crashed.created(A)).isInstanceOf(IllegalStateException.class);
        AccountFeed stopped = feed();
        assertThat(stopped.modSeq()).isEqualTo(last);
        assertThat(stopped.since(last)).contains(List.of());
        // It says so itself from the first number on, whatever was written at the stop.
        assertThat(give(stopped)).isEqualTo(last + 1);
        assertThat(feed().modSeq()).isGreaterThan(last + 1);
    }

    @Test
    void aChangeWithoutANumberIsRefused() {
        AccountFeed feed = feed();
        assertThatThrownBy(() -> feed.created(A)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCeilingThatCannotBeWrittenIsNotCounted() throws Exception {
        Files.createDirectory(file());
        AccountFeed ill = feed();
        assertThatThrownBy(() -> ill.require(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ill.created(A)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCeilingThatIsLostWithTheIndexIsWrittenAgain() throws Exception {
        Index index = new Index(file(), threads, false, MailLog.none());
        AccountFeed feed = new AccountFeed(index, () -> NOW, false);
        give(feed);
        // All in the file, and then open with what it has in memory of its first tables.
        threads.forget(file());
        assertThat(index.modSequence()).isPresent();
        try (RandomAccessFile damaged = new RandomAccessFile(file().toFile(), "rw")) {
            damaged.seek(2 * 4096);
            damaged.write(new byte[(int) damaged.length() - 2 * 4096]);
        }
        assertThat(index.load(7)).isEmpty();
        assertThat(index.generation()).isEqualTo(1);
        assertThat(give(feed)).isEqualTo(NOW + 2);
        assertThat(ceiling()).isEqualTo(NOW + 1 + 20_000_001);
    }

    @Test
    void keepsTheLast1024Changes() throws Exception {
        AccountFeed feed = feed();
        for (int i = 0; i < 1_024; i++) {
            give(feed);
        }
        assertThat(feed.since(NOW).orElseThrow()).hasSize(1_024);
        give(feed);
        assertThat(feed.size()).isEqualTo(1_024);
        assertThat(feed.since(NOW)).isEmpty();
        assertThat(feed.since(NOW + 1).orElseThrow()).hasSize(1_024);
        feed.forget();
        assertThat(feed.size()).isZero();
        assertThat(feed.since(NOW + 1024)).isEmpty();
        assertThat(feed.since(NOW + 1025)).contains(List.of());
    }

    @Test
    void namesThatOthersMadeAndRemovedAreToldOnce() throws Exception {
        AccountFeed feed = feed();
        assertThat(feed.isFollowed()).isFalse();
        feed.compareNames(Set.of(A));
        assertThat(feed.isFollowed()).isTrue();
        assertThat(feed.since(NOW)).contains(List.of());
        feed.compareNames(Set.of(B));
        feed.compareNames(Set.of(B));
        assertThat(feed.since(NOW).orElseThrow())
                .containsExactly(new Change.MailboxDeleted(NOW + 1, A), new Change.MailboxCreated(NOW + 2, B));
        feed.created(A);
        feed.renamed(B, MailboxName.INBOX);
        feed.compareNames(Set.of(A, MailboxName.INBOX));
        feed.deleted(A);
        feed.compareNames(Set.of(MailboxName.INBOX));
        assertThat(feed.modSeq()).isEqualTo(NOW + 5);
    }

    @Test
    void listenersOfTheAccountHearOfAllAndNobodyWhoHasEnded() throws Exception {
        AccountFeed feed = feed();
        List<String> calls = new ArrayList<>();
        Runnable first = () -> calls.add("first");
        var one = feed.listen(java.util.Optional.empty(), first);
        var two = feed.listen(java.util.Optional.empty(), first);
        feed.announce();
        assertThat(calls).hasSize(2);
        one.close();
        one.close();
        feed.announce();
        assertThat(calls).hasSize(3);
        two.close();
        feed.announce();
        assertThat(calls).hasSize(3);
    }
}
