package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations by LMTP (RFC 2033). */
class LmtpSessionTest {
    private static final String HELLO = """
            S: 220 mx.posthorn.test LMTP Posthorn
            C: LHLO front.example.com
            S: 250-mx.posthorn.test
            S: 250-PIPELINING
            S: 250-SIZE 1048576
            S: 250-STARTTLS
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250 SMTPUTF8
            C: MAIL FROM:<Smith@bar.com>
            S: 250 2.1.0 Ok
            """;

    private SmtpPort port;

    @BeforeEach
    void start() throws IOException {
        port = new SmtpPort(SmtpPort.config(SmtpRole.LMTP, SmtpLimits.DEFAULT, SmtpPort.FAST));
    }

    @AfterEach
    void stop() {
        port.close();
    }

    /** RFC 2033 4.2: in the order of the RCPTs that were taken, those with the same path too. */
    @Test
    void eachRecipientThatWasTakenGetsAReplyOfItsOwn() throws IOException {
        port.play(HELLO + """
                C: RCPT TO:<alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<Green@posthorn.test>
                S: 550 5.1.1 <Green@posthorn.test>: Recipient address rejected: User unknown
                C: RCPT TO:<u404@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<bob@posthorn.test>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 ...
                C: Blah blah blah...
                C: .
                S: 250 2.0.0 Ok: queued as QUEUEID0001
                S: 550 5.2.1 u404 is not here
                S: 250 2.0.0 Ok: queued as QUEUEID0001
                S: 250 2.0.0 Ok: queued as QUEUEID0001
                C: NOOP
                S: 250 2.0.0 Ok
                C: QUIT
                S: 221 2.0.0 Bye
                S: [end]
                """);
        RecordingIntake.Taken taken = port.intake().only();
        assertThat(taken.text()).isEqualTo("Blah blah blah...\r\n");
        assertThat(taken.envelope().addresses().toString())
                .isEqualTo("[alice@posthorn.test, u404@posthorn.test, bob@posthorn.test]");
        assertThat(taken.client().protocol()).isEqualTo("LMTP");
        assertThat(port.log().lines())
                .anyMatch(line -> line.startsWith("lmtpd NOQUEUE: reject: END-OF-MESSAGE")
                        && line.contains("to=<u404@posthorn.test> proto=LMTP helo=<front.example.com>"));
    }

    @Test
    void whatIsRefusedForAllIsSaidToEach() throws IOException {
        port.play(HELLO + """
                C: RCPT TO:<alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<bob@posthorn.test>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 ...
                C: a\0b
                C: .
                S: 554 5.6.0 NUL in message (RFC 2045 2.8)
                S: 554 5.6.0 NUL in message (RFC 2045 2.8)
                C: MAIL FROM:<Smith@bar.com>
                S: 250 2.1.0 Ok
                C: RCPT TO:<u500@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<bob@posthorn.test>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 ...
                C: x
                C: .
                S: 451 4.3.0 Internal error, try again later
                S: 451 4.3.0 Internal error, try again later
                C: NOOP
                S: 250 2.0.0 Ok
                """);
        assertThat(port.intake().taken()).isEmpty();
        assertThat(port.intake().open()).isZero();
        assertThat(port.log().lines())
                .anyMatch(line -> line.contains("command-failed [command, DATA,") && line.contains("directory gone"));
    }

    @Test
    void dataWithoutRecipientsIsOneReply() throws IOException {
        port.play(HELLO + """
                C: DATA
                S: 503 5.5.1 No valid recipients
                C: NOOP
                S: 250 2.0.0 Ok
                """);
    }

    /** Recipients are no messages: a session may bring so many to each. */
    @Test
    void aMessageCountsOnceForTheLimitOfASession() throws IOException {
        SmtpLimits by = SmtpLimits.DEFAULT;
        SmtpLimits two = new SmtpLimits(by.recipients(), by.errors(), by.refusedRecipients(), by.idleCommands(), 2);
        String message = """
                C: RCPT TO:<alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<alice@posthorn.test>
                S: 250 2.1.5 Ok
                C: RCPT TO:<bob@posthorn.test>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 ...
                C: x
                C: .
                S: 250 2.0.0 Ok: queued as QUEUEID0001
                S: 250 2.0.0 Ok: queued as QUEUEID0001
                S: 250 2.0.0 Ok: queued as QUEUEID0001
                """;
        try (SmtpPort limited = new SmtpPort(SmtpPort.config(SmtpRole.LMTP, two, SmtpPort.FAST))) {
            limited.play(HELLO + message + """
                    C: MAIL FROM:<Smith@bar.com>
                    S: 250 2.1.0 Ok
                    """ + message + """
                    C: MAIL FROM:<Smith@bar.com>
                    S: 421 4.7.0 Too many messages in one session, connect again
                    S: [end]
                    """);
        }
    }

    @Test
    void helpNamesWhatIsSpoken() throws IOException {
        port.play("""
                S: 220 mx.posthorn.test LMTP Posthorn
                C: HELP
                S: 214 2.0.0 LHLO MAIL RCPT DATA RSET NOOP QUIT VRFY HELP STARTTLS
                """);
    }

    /** RFC 2033 4.1. */
    @Test
    void neitherProtocolIsTakenForTheOther() throws IOException {
        port.play("""
                S: 220 mx.posthorn.test LMTP Posthorn
                C: EHLO front.example.com
                S: 500 5.5.1 This port speaks LMTP
                C: HELO front.example.com
                S: 500 5.5.1 This port speaks LMTP
                C: MAIL FROM:<Smith@bar.com>
                S: 503 5.5.1 Send LHLO first
                """);
        try (SmtpPort smtp = SmtpPort.mx()) {
            smtp.play("""
                    S: 220 mx.posthorn.test ESMTP Posthorn
                    C: LHLO front.example.com
                    S: 500 5.5.1 This port speaks SMTP
                    C: MAIL FROM:<Smith@bar.com>
                    S: 503 5.5.1 Send EHLO first
                    """);
        }
    }

    /** Each takes a reply, so that repeating one without end must not. */
    @Test
    void repeatedRecipientsCountAgainstTheLimit() throws IOException {
        StringBuilder talk = new StringBuilder(HELLO);
        for (int i = 0; i < SmtpLimits.DEFAULT.recipients(); i++) {
            talk.append("C: RCPT TO:<alice@posthorn.test>\nS: 250 2.1.5 Ok\n");
        }
        port.play(talk + """
                C: RCPT TO:<alice@posthorn.test>
                S: 452 4.5.3 Too many recipients
                """);
    }
}
