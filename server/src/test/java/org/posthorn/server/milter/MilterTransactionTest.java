package org.posthorn.server.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.protocol.milter.MilterCommand;

/** What is kept of what the MTA tells, and for how long. */
class MilterTransactionTest {
    private final MilterTransaction transaction = new MilterTransaction();

    private void tell(char command, String name, String value) {
        transaction.macros(new MilterCommand.Macros(command, Map.of(name, value)));
    }

    private void message(String sender, String... recipients) {
        transaction.mail(new MilterCommand.Mail(sender, List.of()));
        for (String recipient : recipients) {
            transaction.rcpt(new MilterCommand.Rcpt(recipient, List.of()));
        }
    }

    private void session() {
        transaction.connect(new MilterCommand.Connect("client.example", Optional.of("192.0.2.1"), 25));
        transaction.helo(new MilterCommand.Helo("client"));
        tell('C', "daemon_name", "smtpd");
    }

    @Test
    void theLatestStageTells() {
        for (char stage : new char[] {'C', 'H', 'M', 'R', 'T', 'N', 'E'}) {
            tell(stage, "i", "at " + stage);
            assertThat(transaction.queueId()).isEqualTo("at " + stage);
        }
        assertThat(transaction.macro("j")).isEmpty();
    }

    @Test
    void countsTheOctetsOfMacros() {
        tell('C', "daemon_name", "smtpd");
        tell('M', "i", "4ABC");
        tell('M', "i", "4ABCD");
        assertThat(transaction.macroOctets()).isEqualTo(11 + 5 + 1 + 5);
    }

    @Test
    void readsAddressesWithAndWithoutBrackets() {
        message("<a@example.org>", "b@example.org", "<c@example.org>", "<nobody", "<>", "<\u00c3\u00a4@example.org>");
        assertThat(transaction.envelope().sender()).contains(Address.parse("a@example.org"));
        assertThat(transaction.envelope().addresses())
                .containsExactly(
                        Address.parse("b@example.org"),
                        Address.parse("c@example.org"),
                        Address.parse("\u00e4@example.org"));
        message("<>");
        assertThat(transaction.envelope().sender()).isEmpty();
        assertThat(transaction.envelope().addresses()).isEmpty();
    }

    @Test
    void keepsTheFirst1000Recipients() {
        message("<a@example.org>");
        for (int i = 0; i < 1001; i++) {
            transaction.rcpt(new MilterCommand.Rcpt("<u" + i + "@example.org>", List.of()));
        }
        assertThat(transaction.envelope().addresses()).hasSize(1000).last().hasToString("u999@example.org");
    }

    @Test
    void aMessageEndsAndItsSessionGoesOn() {
        session();
        tell('M', "auth_authen", "alice");
        tell('N', "i", "4ABC");
        message("<a@example.org>", "<b@example.org>");
        transaction.endMessage();
        assertThat(transaction.macro("auth_authen")).isEmpty();
        assertThat(transaction.queueId()).isEmpty();
        assertThat(transaction.envelope().sender()).isEmpty();
        assertThat(transaction.envelope().addresses()).isEmpty();
        assertThat(transaction.macro("daemon_name")).contains("smtpd");
        assertThat(transaction.client()).contains(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(transaction.clientName()).isEqualTo("client.example");
        assertThat(transaction.helo()).isEqualTo("client");
    }

    @Test
    void ofASessionNothingIsLeft() {
        session();
        message("<a@example.org>", "<b@example.org>");
        transaction.endSession();
        assertThat(transaction.macro("daemon_name")).isEmpty();
        assertThat(transaction.client()).isEmpty();
        assertThat(transaction.clientName()).isEqualTo("unknown");
        assertThat(transaction.helo()).isEmpty();
        assertThat(transaction.envelope().sender()).isEmpty();
        assertThat(transaction.envelope().addresses()).isEmpty();
    }

    @Test
    void aClientWithoutAnAddressIsNone() {
        transaction.connect(new MilterCommand.Connect("localhost", Optional.empty(), 0));
        assertThat(transaction.client()).isEmpty();
        transaction.connect(new MilterCommand.Connect("x", Optional.of("not.an.address"), 0));
        assertThat(transaction.client()).isEmpty();
    }
}
