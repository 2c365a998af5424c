package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.abuse.CpuTurns;
import org.posthorn.net.MemoryBudget;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.LineClient;

/** What a session holds of the memory and of the processors, to the octet, and when it gives it back. */
class SmtpMemoryGapTest {
    /** Octets that a connection costs by itself. */
    private static final long CONNECTION = 6144;

    /** Octets of a buffer that is lent where more than 512 octets have come at once. */
    private static final long BUFFER = 16_384;

    /** 500 for a recipient, and its address of 19 twice. */
    private static final long ALICE = 538;

    private static final String HELO = "S: 220 ...\nC: HELO client\nS: 250 ...\n";
    private static final String MAIL = "C: MAIL FROM:<a@example.org>\nS: 250 ...\n";
    private static final String RCPT = "C: RCPT TO:<alice@posthorn.test>\nS: 250 ...\n";
    private static final String DATA = "C: DATA\nS: 354 ...\n";

    private static SmtpPort port(MemoryBudget memory) throws IOException {
        return new SmtpPort(SmtpPort.config(SmtpRole.MX, SmtpLimits.DEFAULT, SmtpPort.FAST), memory);
    }

    private static MemoryBudget memory(long octets) {
        return new MemoryBudget(new MemoryBudget.Limits(octets, 1, 1));
    }

    private static void play(long octets, String transcript) throws IOException {
        try (SmtpPort port = port(memory(octets))) {
            port.play(transcript);
        }
    }

    /** One that is there already costs nothing. */
    @Test
    void aRecipientCosts500AndTwiceItsAddress() throws IOException {
        play(CONNECTION + ALICE, HELO + MAIL + RCPT + RCPT + "C: RSET\nS: 250 ...\n" + MAIL + RCPT);
        play(
                CONNECTION + ALICE - 1,
                HELO + MAIL + "C: RCPT TO:<alice@posthorn.test>\nS: 452 4.3.1 Short of memory, try again later\n");
    }

    /** By LMTP each is answered, and so is paid for, the same one too; all of it is given back. */
    @Test
    void aRepeatedRecipientOfLmtpCostsAsMuchAgain() throws IOException {
        SmtpConfig lmtp = SmtpPort.config(SmtpRole.LMTP, SmtpLimits.DEFAULT, SmtpPort.FAST);
        String begun = "S: 220 ...\nC: LHLO client\n" + "S: 250-...\n".repeat(6) + "S: 250 ...\n" + MAIL + RCPT;
        try (SmtpPort port = new SmtpPort(lmtp, memory(CONNECTION + 2 * ALICE))) {
            port.play(begun + RCPT + "C: RSET\nS: 250 ...\n" + MAIL + RCPT + RCPT);
        }
        try (SmtpPort port = new SmtpPort(lmtp, memory(CONNECTION + 2 * ALICE - 1))) {
            port.play(begun + "C: RCPT TO:<alice@posthorn.test>\nS: 452 4.3.1 Short of memory, try again later\n");
        }
    }

    /** The empty line's first octet is the last that counts: 13 of this header. */
    @Test
    void aHeaderCostsTwiceItsOctetsAndABodyNothing() throws IOException {
        String message = HELO + MAIL + RCPT + DATA + "C: Subject: x\nC:\nC: body\nC:\nC: more\nC: .\n";
        play(CONNECTION + ALICE + 2 * 13, message + "S: 250 ...\n");
        play(CONNECTION + ALICE + 2 * 13 - 1, message + "S: 452 4.3.1 Short of memory, try again later\n");
    }

    @Test
    void aHeaderIsPaidForAsItComesAndGivenBackAtTheMessagesEnd() throws Exception {
        MemoryBudget memory = new MemoryBudget(MemoryBudget.Limits.NONE);
        try (SmtpPort port = port(memory);
                LineClient client = port.client()) {
            client.play(HELO + MAIL + RCPT);
            Eventually.await(() -> memory.heldByStrangers() == CONNECTION + ALICE);
            client.play(DATA + "C: Subj\\\n");
            Eventually.await(() -> memory.heldByStrangers() == CONNECTION + ALICE + 2 * 4);
            client.play("C: ect: x\nC: X: y\\\n");
            Eventually.await(() -> memory.heldByStrangers() == CONNECTION + ALICE + 2 * 16);
            client.play("C:\nC:\nC: body\nC: .\nS: 250 ...\n");
            Eventually.await(() -> memory.heldByStrangers() == CONNECTION);
            client.play(MAIL + RCPT + "C: EHLO again\n" + "S: 250-...\n".repeat(6) + "S: 250 ...\n");
            Eventually.await(() -> memory.heldByStrangers() == CONNECTION);
        }
    }

    /** What is longer is refused by who takes the message: 262,144 octets, and one to see that there are more. */
    @Test
    void noMoreThan256KiBOfAHeaderArePaidFor() throws IOException {
        play(
                CONNECTION + BUFFER + ALICE + 2 * 262_145,
                HELO + MAIL + RCPT + DATA + ("C: X: " + "x".repeat(995) + "\n").repeat(300) + "C: .\nS: 250 ...\n");
    }

    /** The reply has to wait for the end of the text; what is not kept any more need not. */
    @Test
    void aMessageThatIsTooDearIsForgottenBeforeItsEnd() throws Exception {
        MemoryBudget memory = memory(CONNECTION + ALICE + 40);
        try (SmtpPort port = port(memory);
                LineClient client = port.client()) {
            client.play(HELO + MAIL + RCPT + DATA + "C: Subject: x\n");
            Eventually.await(() -> memory.heldByStrangers() == CONNECTION + ALICE + 2 * 12);
            assertThat(port.intake().open()).isEqualTo(1);
            client.play("C: Another: y\n");
            Eventually.await(() -> port.intake().open() == 0);
            Eventually.await(() -> memory.heldByStrangers() == CONNECTION + ALICE);
            client.play("C: Z: z\nC:\nC: body\nC: .\nS: 452 4.3.1 Short of memory, try again later\n");
            client.play(MAIL + RCPT + DATA + "C: .\nS: 250 ...\n");
            assertThat(port.intake().only().octets()).isEmpty();
        }
    }

    /** Half a line that does not fit into the small buffer. */
    @Test
    void aSessionWithoutMemoryForItsCommandEndsWith421() throws IOException {
        try (SmtpPort port = port(memory(CONNECTION + 1000))) {
            port.play(HELO + "C: NOOP " + "x".repeat(507) + "\\\n"
                    + "S: 421 4.3.2 mx.posthorn.test short of memory, try again later\nS: [end]\n");
            assertThat(port.log().lines()).contains("smtpd : short of memory after HELO from unknown[127.0.0.1]");
        }
    }

    /** RFC 3207 4.2: a transaction from before TLS is over. */
    @Test
    void startTlsEndsATransaction() throws Exception {
        MemoryBudget memory = new MemoryBudget(MemoryBudget.Limits.NONE);
        try (SmtpPort port = port(memory);
                LineClient client = port.client()) {
            client.play(HELO + MAIL + RCPT + """
                    C: STARTTLS
                    S: 220 ...
                    TLS
                    C: RCPT TO:<bob@posthorn.test>
                    S: 503 5.5.1 Need MAIL first
                    """);
            // TLS costs 40 KiB before login.
            Eventually.await(() -> memory.heldByStrangers() == CONNECTION + (40 << 10));
        }
    }

    /** Its turn is for whoever has work, while the next octets are on their way. */
    @Test
    void aSessionThatWaitsForTheNextOctetsHoldsNoTurn() throws Exception {
        SmtpConfig config = new SmtpConfig(SmtpRole.MX, "mx.posthorn.test", 1 << 30, SmtpLimits.DEFAULT, SmtpPort.FAST);
        try (SmtpPort port = new SmtpPort(config);
                LineClient client = port.client()) {
            client.play(HELO + MAIL + RCPT + DATA);
            long before = CpuTurns.OF_PROCESS.taken();
            byte[] lines = new byte[1 << 20];
            Arrays.fill(lines, (byte) 'x');
            lines[0] = '\r';
            lines[1] = '\n';
            long sent = 0;
            while (CpuTurns.OF_PROCESS.taken() == before) {
                client.send(lines);
                sent += lines.length;
            }
            long all = sent;
            Eventually.await(() -> port.intake().octets() == all);
            List<CpuTurn> turns = new ArrayList<>();
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                CpuTurn turn = CpuTurns.OF_PROCESS.begin("other", Duration.ofHours(1), () -> {});
                turn.take();
                turns.add(turn);
            }
            turns.forEach(CpuTurn::close);
            client.play("C:\nC: .\nS: 250 ...\n");
        }
    }
}
