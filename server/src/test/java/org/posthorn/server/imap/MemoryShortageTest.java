package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.net.MemoryBudget;

/** What an IMAP client is told where the memory for clients or the sessions of its account are used up (RFC 5530 3). */
@Timeout(60)
class MemoryShortageTest {
    private static final int CONNECTION = 6 << 10;
    private static final int PLENTY = 10 << 20;

    @Test
    void endsAStrangersSessionWhoseLiteralIsTooDear() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(CONNECTION + 150_000, PLENTY, 10));
        try (ImapFixture server = ImapFixture.with(memory);
                ImapClient client = server.connect()) {
            client.response();
            client.send("a LOGIN {60000}\r\n");
            assertThat(client.response()).startsWith("+ ");
            assertThat(client.response()).startsWith("* BYE [UNAVAILABLE] ");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void endsAUsersSessionWhoseLiteralIsTooDear() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(PLENTY, CONNECTION + 150_000, 10));
        try (ImapFixture server = ImapFixture.with(memory);
                ImapClient client = server.connect().login("alice")) {
            client.send("a SEARCH SUBJECT {60000}\r\n");
            assertThat(client.response()).startsWith("+ ");
            assertThat(client.response()).startsWith("* BYE [UNAVAILABLE] ");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void countsALiteralUntilItsCommandIsOver() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(PLENTY, CONNECTION + 150_000, 10));
        try (ImapFixture server = ImapFixture.with(memory);
                ImapClient client = server.connect().login("alice")) {
            client.ok("SELECT INBOX");
            for (int i = 0; i < 5; i++) {
                client.ok("SEARCH SUBJECT {30000+}\r\n" + "x".repeat(30_000));
            }
        }
    }

    @Test
    void refusesALoginForTheTimeBeingWhereUsersHaveNoMemoryLeft() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(PLENTY, CONNECTION - 1, 10));
        try (ImapFixture server = ImapFixture.with(memory);
                ImapClient client = server.connect()) {
            client.response();
            assertThat(client.command("LOGIN alice secret").getLast()).startsWith("x NO [UNAVAILABLE] ");
            assertThat(client.command("NOOP").getLast()).startsWith("x OK");
        }
    }

    @Test
    void refusesOneSessionMoreThanAnAccountMayHave() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(PLENTY, PLENTY, 2));
        try (ImapFixture server = ImapFixture.with(memory);
                ImapClient first = server.connect().login("alice");
                ImapClient second = server.connect().login("alice");
                ImapClient third = server.connect();
                ImapClient bob = server.connect()) {
            third.response();
            assertThat(third.command("LOGIN alice secret").getLast()).startsWith("x NO [LIMIT] ");
            bob.login("bob");
            first.ok("LOGOUT");
            assertThat(first.isClosed()).isTrue();
            // The other session is about to end.
            long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
            while (!third.command("LOGIN alice secret").getLast().startsWith("x OK")) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
            second.ok("NOOP");
        }
    }
}
