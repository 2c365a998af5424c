package org.posthorn.protocol.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RecipientLinesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<anna@example.net>:",
                "    anna@example.net",
                "    Recipient: <anna@example.net>",
                "  Recipient address: anna@example.net",
                "Final-Recipient: RFC822; anna@example.net",
                "Addressed To: anna@example.net",
                "Unknown user: anna@example.net",
                "undeliverable to anna@example.net ",
                "Unable to deliver message to: <anna@example.net>",
                "Reason:  Unable to deliver message to <anna@example.net> (and other recipients in the same domain).",
                "Delivery failed: anna@example.net",
                "There was an error delivering your mail to <anna@example.net>.",
                "Did not reach the following recipient: anna@example.net",
                "The following recipients returned permanent errors: anna@example.net. Reason: none",
                "[Status: Error, Address: <anna@example.net>, ResponseCode 421, , Host not reachable.]",
                "   * anna@example.net",
                "-- anna@example.net",
                ">>> anna@example.net <anna@example.net>",
                "anna@example.net: 550 5.1.1 no",
                "\"anna@example.net\":\r\n5.2.2 full",
                "<anna@example.net> (expanded from <berta@example.org>): no",
                "anna@example.net [User unknown]",
                "      anna@example.net on 4/29/01 11:34:45 PM",
                "anna@example.net on Wed, 4 Mar 2026 11:34:45 +0100",
                "anna@example.net on 2026-03-04 11:34",
                "anna@example.net on 04.03.2026 11:34",
                " anna@example.net ... unknown host",
                "anna@example.net Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1",
                "550 <anna@example.net>... User unknown",
                "550 5.1.1 <anna@example.net>: Recipient address rejected",
                ">>> RCPT To:<anna@example.net>",
                "Sent <<< RCPT TO:<anna@example.net>"
            })
    void readsTheLinesOfVendors(String line) {
        assertThat(RecipientLines.in("Dear sender,\r\n\r\n" + line + "\r\n")).containsExactly("anna@example.net");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "please contact <support@example.net>",
                "To: anna@example.net",
                ">>> MAIL From:<anna@example.net>",
                "<<< 550 You cannot send mail to yourself (anna@example.net).",
                ">>> anna@example.net <berta@example.net>",
                "write to anna@example.net: she knows",
                "(envelope sender: <anna@example.net>)",
                "anna@example.net on behalf of the board",
                "anna@example.net wrote yesterday"
            })
    void takesNoOtherAddressForARecipient(String line) {
        assertThat(RecipientLines.in("Dear sender,\r\n\r\n" + line + "\r\n")).isEmpty();
    }

    @Test
    void whatTheNoticeQuotesIsNotItsOwn() {
        assertThat(RecipientLines.in("It failed.\r\n\r\nReceived: by mx.example.org\r\n\r\n<anna@example.net>:\r\n"))
                .isEmpty();
    }

    @Test
    void theSurestFormCountsAlone() {
        assertThat(RecipientLines.in("<anna@example.net>:\r\n>>> RCPT TO:<berta@example.net>\r\n"))
                .containsExactly("anna@example.net");
    }

    @Test
    void readsSoManyAndNoMore() {
        String many = IntStream.range(0, 5000)
                .mapToObj(i -> "u" + i + "@example.net: 550 no\r\n")
                .collect(Collectors.joining());
        assertThat(RecipientLines.in(many))
                .hasSize(RecipientLines.MAX_RECIPIENTS)
                .startsWith("u0@example.net");
    }

    /** Each nearly matches over and over; the class's time limit fails what tries all combinations. */
    @ParameterizedTest
    @ValueSource(strings = {" ", ">", "a", "a@", "a@a.", "a.", "<", "550 <a@a.", "\r\n ", "--\t", ">>> a@a <", "* a@"})
    void hostileTextTakesNoLongTime(String piece) {
        String hostile = piece.repeat(AutomaticMailParser.MAX_TEXT / piece.length());
        assertThat(RecipientLines.in(hostile)).hasSizeLessThan(2);
    }
}
