package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.abuse.CpuTurns;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxName;

/** For what FETCH takes a turn on the processors, and how often. */
@Timeout(120)
class FetchTurnsTest {
    /** Whether a turn is taken depends on the time, too: this is for who gets none in the end. */
    private static final int ATTEMPTS = 20;

    private static final int SMALL = 65_536;
    private static final int MANY = 10_000;

    private static long turns(ImapClient client, String command) throws Exception {
        long before = CpuTurns.OF_PROCESS.taken();
        client.ok(command);
        return CpuTurns.OF_PROCESS.taken() - before;
    }

    private static String message(int size) {
        String header = "Subject: x\r\n\r\n";
        return header + "x".repeat(size - header.length() - 2) + "\r\n";
    }

    @Test
    void theStructureOfAMessageOfMoreThan64KiBTakesATurnAtOnceAndOfASmallerOneNone() throws Exception {
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore());
                ImapClient client = server.connect().patient().login("alice")) {
            client.append("INBOX", "", message(SMALL));
            client.append("INBOX", "", message(SMALL + 1));
            client.ok("SELECT INBOX");
            long[] ofSmall = new long[ATTEMPTS];
            for (int i = 0; i < ATTEMPTS; i++) {
                ofSmall[i] = turns(client, "FETCH 1 BODYSTRUCTURE");
                assertThat(turns(client, "FETCH 2 BODYSTRUCTURE")).isPositive();
            }
            assertThat(LongStream.of(ofSmall).min()).hasValue(0);
        }
    }

    @Test
    void whatTheIndexTellsTakesNoTurnForEachMessage() throws Exception {
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore())) {
            try (AccountMail mail = server.store.open(FakeAccounts.address("alice"))) {
                for (int i = 0; i < MANY; i++) {
                    try (Appender appender =
                            mail.append(MailboxName.INBOX, Flags.of(Flags.SEEN), Optional.empty(), 2)) {
                        appender.write(new byte[] {'\r', '\n'}, 0, 2);
                        appender.commit();
                    }
                }
            }
            try (ImapClient client = server.connect().patient().login("alice")) {
                client.ok("SELECT INBOX");
                assertThat(turns(client, "FETCH 1:* (UID FLAGS)")).isLessThan(MANY / 10);
            }
        }
    }
}
