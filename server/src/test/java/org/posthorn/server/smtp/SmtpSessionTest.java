package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations on the port for mail from elsewhere. */
class SmtpSessionTest {
    private static final String HELLO = """
            S: 220 mx.posthorn.test ESMTP Posthorn
            C: EHLO client.example.com
            S: 250-mx.posthorn.test
            S: 250-PIPELINING
            S: 250-SIZE 1048576
            S: 250-STARTTLS
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250 SMTPUTF8
            """;

    private SmtpPort port;

    @BeforeEach
    void start() throws IOException {
        port = SmtpPort.mx();
    }

    @AfterEach
    void stop() {
        port.close();
    }

    /** RFC 5321 D.1. */
    @Test
    void takesMessageForKnownRecipientsAndRefusesTheUnknownOne() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<Smith@bar.com>
                S: 250 2.1.0 Ok
                C: RCPT TO:<alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<Green@posthorn.test>
                S: 550 5.1.1 <Green@posthorn.test>: Recipient address rejected: User unknown
                C: RCPT TO:<bob@posthorn.test>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 ...
                C: Blah blah blah...
                C: ..etc. etc. etc.
                C: .
                S: 250 2.0.0 Ok: queued as QUEUEID0001
                C: QUIT
                S: 221 2.0.0 Bye
                S: [end]
                """);
        RecordingIntake.Taken taken = port.intake().only();
        assertThat(taken.text()).isEqualTo("Blah blah blah...\r\n.etc. etc. etc.\r\n");
        assertThat(taken.envelope().sender().orElseThrow()).hasToString("Smith@bar.com");
        assertThat(taken.envelope().addresses().toString()).isEqualTo("[alice@posthorn.test, bob@posthorn.test]");
        assertThat(taken.client().protocol()).isEqualTo("ESMTP");
        assertThat(taken.client().helo()).isEqualTo("client.example.com");
    }

    /** Text that came after a fault of ours is text still, and no command. */
    @Test
    void aFaultWithinTheTextIsAnsweredAtItsEnd() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<Smith@bar.com>
                S: 250 2.1.0 Ok
                C: RCPT TO:<u500@posthorn.test>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 ...
                C: QUIT
                C: RSET
                C: .
                S: 451 4.3.0 Internal error, try again later
                C: NOOP
                S: 250 2.0.0 Ok
                C: QUIT
                S: 221 ...
                """);
        assertThat(port.intake().taken()).isEmpty();
    }

    /** RFC 5321 D.2. */
    @Test
    void forgetsTransactionAtRset() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<Smith@bar.com>
                S: 250 2.1.0 Ok
                C: RCPT TO:<alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: RSET
                S: 250 2.0.0 Ok
                C: DATA
                S: 503 5.5.1 Need MAIL first
                C: QUIT
                S: 221 ...
                """);
    }

    /** RFC 5321 D.3, D.4: 252 in place of verification. */
    @Test
    void neitherVerifiesNorExpands() throws IOException {
        port.play(HELLO + """
                C: VRFY Crispin
                S: 252 2.0.0 ...
                C: EXPN Example-People
                S: 502 5.5.1 ...
                C: HELP
                S: 214 2.0.0 ...
                C: NOOP whatever
                S: 250 2.0.0 Ok
                """);
    }

    @Test
    void neverRelays() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<alice@posthorn.test>
                S: 250 2.1.0 Ok
                C: RCPT TO:<someone@example.org>
                S: 554 5.7.1 <someone@example.org>: Relay access denied
                C: RCPT TO:<someone%example.org@example.net>
                S: 554 5.7.1 ...
                C: RCPT TO:<@posthorn.test:someone@example.org>
                S: 554 5.7.1 <someone@example.org>: Relay access denied
                C: RCPT TO:<"alice@posthorn.test"@example.org>
                S: 554 5.7.1 ...
                C: RCPT TO:<alice@posthorn.test@example.org>
                S: 501 5.1.3 Not an address
                C: DATA
                S: 554 5.5.1 No valid recipients
                """);
        assertThat(port.intake().taken()).isEmpty();
    }

    @Test
    void takesNullSenderPostmasterSourceRouteAndDuplicates() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<>
                S: 250 2.1.0 Ok
                C: RCPT TO:<Postmaster>
                S: 250 2.1.5 Ok
                C: rcpt to: <@a.example,@b.example:alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 ...
                C: .
                S: 250 ...
                """);
        RecordingIntake.Taken taken = port.intake().only();
        assertThat(taken.envelope().sender()).isEmpty();
        assertThat(taken.envelope().addresses().toString())
                .isEqualTo("[postmaster@posthorn.test, alice@posthorn.test]");
        assertThat(taken.octets()).isEmpty();
    }

    @Test
    void insistsOnOrder() throws IOException {
        port.play("""
                S: 220 ...
                C: MAIL FROM:<a@example.org>
                S: 503 5.5.1 Send EHLO first
                C: HELO client
                S: 250 mx.posthorn.test
                C: RCPT TO:<alice@posthorn.test>
                S: 503 5.5.1 Need MAIL first
                C: DATA
                S: 503 5.5.1 Need MAIL first
                C: MAIL FROM:<a@example.org>
                S: 250 2.1.0 Ok
                C: MAIL FROM:<a@example.org>
                S: 503 5.5.1 Nested MAIL
                C: DATA
                S: 554 5.5.1 No valid recipients
                C: EHLO again
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250 SMTPUTF8
                C: RCPT TO:<alice@posthorn.test>
                S: 503 5.5.1 Need MAIL first
                """);
    }

    @Test
    void refusesParametersThatWereNotAnnounced() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<a@example.org> RET=HDRS
                S: 555 5.5.4 Unsupported option: RET
                C: MAIL FROM:<a@example.org> AUTH=<>
                S: 555 5.5.4 Unsupported option: AUTH
                C: MAIL FROM:<a@example.org> BODY=BINARYMIME
                S: 501 5.5.4 ...
                C: MAIL FROM:<a@example.org> SIZE=1048577
                S: 552 5.3.4 ...
                C: MAIL FROM:<a@example.org> SIZE=99999999999999999999
                S: 552 5.3.4 ...
                C: MAIL FROM:<a@example.org> SIZE=1000 SIZE=1000
                S: 501 5.5.4 ...
                C: MAIL FROM:<a@example.org> SIZE=1000 BODY=8bitmime
                S: 250 2.1.0 Ok
                C: RCPT TO:<alice@posthorn.test> NOTIFY=NEVER
                S: 555 5.5.4 Unsupported option: NOTIFY
                """);
    }

    /** RFC 2920 4: the whole transaction in two writes. */
    @Test
    void answersPipelinedGroupInOrder() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<mrose@dbc.mtview.ca.us>
                C: RCPT TO:<alice@posthorn.test>
                C: RCPT TO:<nobody@posthorn.test>
                C: RCPT TO:<bob@posthorn.test>
                C: DATA
                S: 250 2.1.0 Ok
                S: 250 2.1.5 Ok
                S: 550 5.1.1 ...
                S: 250 2.1.5 Ok
                S: 354 ...
                C: Subject: one
                C:
                C: text
                C: .
                C: RSET
                C: MAIL FROM:<>
                C: QUIT
                S: 250 2.0.0 Ok: queued ...
                S: 250 2.0.0 Ok
                S: 250 2.1.0 Ok
                S: 221 2.0.0 Bye
                S: [end]
                """);
        assertThat(port.intake().only().text()).isEqualTo("Subject: one\r\n\r\ntext\r\n");
    }

    /** RFC 2920 3.1: DATA must be the last of a group. */
    @Test
    void refusesDataSentWithoutWaitingFor354() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<alice@posthorn.test>
                C: DATA
                C: Subject: too early
                C: .
                S: 250 2.1.0 Ok
                S: 250 2.1.5 Ok
                S: 503 5.5.0 ...
                S: [end]
                """);
        assertThat(port.intake().taken()).isEmpty();
    }

    /** RFC 6531 3.4 to 3.7. */
    @Test
    void takesUtf8AddressesWithSmtpUtf8Only() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<übung@bücher.example>
                S: 553 5.6.7 ...
                C: MAIL FROM:<a@example.org>
                S: 250 ...
                C: RCPT TO:<jürgen@posthorn.test>
                S: 553 5.6.7 ...
                C: RSET
                S: 250 ...
                C: MAIL FROM:<übung@bücher.example> SMTPUTF8
                S: 250 2.1.0 Ok
                C: RCPT TO:<jürgen@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<jörg@posthorn.test>
                S: 550 5.1.1 <jörg@posthorn.test>: ...
                C: DATA
                S: 354 ...
                C: Subject: Grüße
                C: .
                S: 250 ...
                C: MAIL FROM:<\\xff@example.org> SMTPUTF8
                S: 500 5.5.2 Command is neither ASCII nor UTF-8
                """);
        RecordingIntake.Taken taken = port.intake().only();
        assertThat(taken.envelope().smtpUtf8()).isTrue();
        assertThat(taken.client().protocol()).isEqualTo("UTF8SMTP");
        assertThat(taken.text()).isEqualTo("Subject: Grüße\r\n");
    }

    @Test
    void refusesOversizedMessageAfterItsEndAndGoesOn() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<a@example.org>
                C: RCPT TO:<alice@posthorn.test>
                C: DATA
                S: 250 ...
                S: 250 ...
                S: 354 ...
                %s
                C: .
                S: 552 5.3.4 ...
                C: MAIL FROM:<a@example.org>
                S: 250 2.1.0 Ok
                """.formatted(("C: " + "x".repeat(998) + "\n").repeat(1100)));
        assertThat(port.intake().taken()).isEmpty();
    }

    @Test
    void answersDefectOfOursWith451AndGoesOn() throws IOException {
        port.intake().breakDown();
        port.play(HELLO + """
                C: MAIL FROM:<a@example.org>
                S: 250 ...
                C: RCPT TO:<alice@posthorn.test>
                S: 451 4.3.0 ...
                C: NOOP
                S: 250 ...
                """);
        assertThat(port.log().lines()).anyMatch(line -> line.contains("directory gone"));
    }

    @Test
    void logsInTheWordsOfPostfix() throws IOException {
        port.play(HELLO + """
                C: MAIL FROM:<a@example.org>
                S: 250 ...
                C: RCPT TO:<nobody@posthorn.test>
                S: 550 ...
                C: QUIT
                S: 221 ...
                S: [end]
                """);
        assertThat(port.log().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("smtpd : connect from unknown[127.0.0.1]"),
                        line -> assertThat(line)
                                .isEqualTo("smtpd NOQUEUE: reject: RCPT from unknown[127.0.0.1]: 550 5.1.1 "
                                        + "<nobody@posthorn.test>: Recipient address rejected: User unknown; from=<a@example.org> "
                                        + "to=<nobody@posthorn.test> proto=ESMTP helo=<client.example.com>"),
                        line -> assertThat(line)
                                .startsWith("smtpd : disconnect from unknown[127.0.0.1] "
                                        + "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"));
    }
}
