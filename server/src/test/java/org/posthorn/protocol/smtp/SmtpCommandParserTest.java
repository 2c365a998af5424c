package org.posthorn.protocol.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mail.Address;

class SmtpCommandParserTest {
    private static SmtpCommand parse(String text) {
        return SmtpCommandParser.parse(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private static Address sender(String path) {
        return ((SmtpCommand.Mail) parse("MAIL FROM:" + path)).sender().orElseThrow();
    }

    private static SmtpReply refusal(String line) {
        return catchThrowableOfType(SmtpSyntaxException.class, () -> parse(line))
                .reply();
    }

    @Test
    void readsPathsAsAddressesHaveThem() {
        assertThat(sender("<a@example.org>")).isEqualTo(Address.parse("a@example.org"));
        assertThat(sender("<A@EXAMPLE.org>")).isEqualTo(Address.parse("A@example.org"));
        assertThat(sender("<\"a>b\\\"c\"@example.org>").localPart()).isEqualTo("a>b\"c");
        assertThat(sender("<user@[192.0.2.1]>").domain().isAddressLiteral()).isTrue();
        assertThat(sender("<user@[IPv6:2001:db8::1]>").domain().isAddressLiteral())
                .isTrue();
        assertThat(sender("<grå@bücher.example>")).isEqualTo(Address.parse("grå@xn--bcher-kva.example"));
    }

    @Test
    void ignoresSourceRoute() {
        assertThat(sender("<@ONE,@TWO:JOE@THREE>")).isEqualTo(Address.parse("JOE@three"));
        assertThat(sender("<@[IPv6:2001:db8::1]:joe@three.example>")).isEqualTo(Address.parse("joe@three.example"));
    }

    @Test
    void toleratesCaseAndSpaceThatClientsGetWrong() {
        assertThat(parse("mail from: <a@example.org>  ")).isInstanceOf(SmtpCommand.Mail.class);
        assertThat(parse("rcpt tO:<POSTMASTER>")).isEqualTo(new SmtpCommand.Rcpt(Optional.empty(), List.of()));
        assertThat(parse("Quit ")).isEqualTo(SmtpCommand.Simple.QUIT);
        assertThat(parse("DATA")).isEqualTo(SmtpCommand.Simple.DATA);
    }

    @Test
    void readsParameters() {
        SmtpCommand.Mail mail = (SmtpCommand.Mail) parse("MAIL FROM:<> SIZE=10  body=8BITMIME smtputf8");
        assertThat(mail.sender()).isEmpty();
        assertThat(mail.parameters())
                .containsExactly(
                        new EsmtpParameter("SIZE", Optional.of("10")),
                        new EsmtpParameter("BODY", Optional.of("8BITMIME")),
                        new EsmtpParameter("SMTPUTF8", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MAIL | 501 5.5.4",
                "MAIL TO:<a@example.org> | 501 5.5.4",
                "MAIL FROM | 501 5.5.4",
                "MAIL FROM:a@example.org | 501 5.1.7",
                "MAIL FROM:<a@example.org | 501 5.1.7",
                "MAIL FROM:<a@example.org>> | 501 5.1.7",
                "MAIL FROM:<a@example.org>SIZE=1 | 501 5.1.7",
                "MAIL FROM:<a b@example.org> | 501 5.1.7",
                "MAIL FROM:<a> | 501 5.1.7",
                "MAIL FROM:<@example.org> | 501 5.1.7",
                "MAIL FROM:<@a.example,b@example.org> | 501 5.1.7",
                "MAIL FROM:<\"a@example.org> | 501 5.1.7",
                "MAIL FROM:<a@example.org> = | 501 5.5.4",
                "MAIL FROM:<a@example.org> SIZE= | 501 5.5.4",
                "MAIL FROM:<a@example.org> -X=1 | 501 5.5.4",
                "MAIL FROM:<a@example.org> BODY=7BIT body=8BITMIME | 501 5.5.4",
                "RCPT TO:<> | 501 5.1.3",
                "RCPT TO:<alice> | 501 5.1.3",
                "EHLO | 501 5.5.4",
                "EHLO a b | 501 5.5.4",
                "EHLO (comment) | 501 5.5.4",
                "EHLO höst | 501 5.5.4",
                "DATA now | 501 5.5.4",
                "QUIT it | 501 5.5.4",
                "RSET x | 501 5.5.4",
                "STARTTLS x | 501 5.5.4",
                "VRFY | 501 5.5.4",
                "AUTH | 501 5.5.4",
                "AUTH PLAIN a b | 501 5.5.4"
            })
    void refusesWhatTheGrammarDoesNotHave(String lineAndReply) {
        int bar = lineAndReply.lastIndexOf(" | ");
        assertThat(refusal(lineAndReply.substring(0, bar)).toString()).startsWith(lineAndReply.substring(bar + 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP \0", "NOOP \t", "NOOP \u007f", "\u001b[A"})
    void refusesControlCharacters(String line) {
        assertThat(refusal(line).code()).isEqualTo(500);
    }

    @Test
    void boundsParametersAndNames() {
        StringBuilder many = new StringBuilder("MAIL FROM:<>");
        for (int i = 0; i < 30; i++) {
            many.append(" P").append(i);
        }
        assertThat(refusal(many.toString()).code()).isEqualTo(501);
        assertThat(refusal("EHLO " + "x".repeat(256)).code()).isEqualTo(501);
        assertThat(refusal("RCPT TO:<" + "x".repeat(65) + "@example.org>").code())
                .isEqualTo(501);
    }

    @Test
    void knowsNoOtherVerb() {
        assertThat(parse("TURN")).isEqualTo(new SmtpCommand.Unknown("TURN"));
        assertThat(parse("")).isEqualTo(new SmtpCommand.Unknown(""));
        assertThat(parse("ＤＡＴＡ")).isInstanceOf(SmtpCommand.Unknown.class);
    }

    @Test
    void takesHostNamesOf255OctetsThatCannotBreakOutOfAField() {
        for (String name : List.of("a", "x_y", "!~", "[192.0.2.1]", "h".repeat(255))) {
            assertThat(parse("EHLO " + name)).isEqualTo(new SmtpCommand.Hello(SmtpCommand.Greeting.EHLO, name));
            assertThat(parse("HELO " + name)).isEqualTo(new SmtpCommand.Hello(SmtpCommand.Greeting.HELO, name));
            assertThat(parse("lhlo " + name)).isEqualTo(new SmtpCommand.Hello(SmtpCommand.Greeting.LHLO, name));
        }
        for (String name :
                List.of("", "h".repeat(256), "a b", "a(b", "a)b", "a<b", "a>b", "a@b", "a,b", "a;b", "a\\b")) {
            assertThat(refusal("EHLO " + name).toString()).as(name).startsWith("501 5.5.4");
        }
        assertThat(refusal("EHLO a\"b").code()).isEqualTo(501);
        assertThat(refusal("EHLO gr\u00e5").code()).isEqualTo(501);
        assertThat(refusal("EHLO").code()).isEqualTo(501);
    }

    @Test
    void takesTwentyParameters() {
        StringBuilder line = new StringBuilder("MAIL FROM:<>");
        for (int i = 1; i <= 20; i++) {
            line.append(" P").append(i).append("=x");
        }
        assertThat(((SmtpCommand.Mail) parse(line.toString())).parameters()).hasSize(20);
        assertThat(refusal(line + " P21=x").code()).isEqualTo(501);
    }

    @Test
    void takesKeywordsOfLettersDigitsAndHyphens() {
        assertThat(((SmtpCommand.Mail) parse("MAIL FROM:<> AZ-az09=a 0=b")).parameters())
                .containsExactly(
                        new EsmtpParameter("AZ-AZ09", Optional.of("a")), new EsmtpParameter("0", Optional.of("b")));
        for (String word : List.of("-A=x", "A@=x", "A[=x", "A/=x", "A:=x", "A_=x", "=x", "A=", "A=x=y", "A=x a=y")) {
            assertThat(refusal("MAIL FROM:<> " + word).code()).as(word).isEqualTo(501);
        }
    }

    @Test
    void readsAuthWithAndWithoutResponse() {
        assertThat(parse("AUTH PLAIN")).isEqualTo(new SmtpCommand.Auth("PLAIN", Optional.empty()));
        assertThat(parse("AUTH PLAIN  AGE=")).isEqualTo(new SmtpCommand.Auth("PLAIN", Optional.of("AGE=")));
        assertThat(refusal("AUTH").code()).isEqualTo(501);
        assertThat(refusal("AUTH PLAIN a b").code()).isEqualTo(501);
    }

    @Test
    void refusesControlCharacters() {
        for (String line : List.of("NOOP \u0000", "NOOP \u001f", "NOOP \u007f", "\tNOOP")) {
            assertThat(refusal(line).toString()).startsWith("500 5.5.2");
        }
        assertThat(parse("NOOP ~")).isEqualTo(SmtpCommand.Simple.NOOP);
    }

    @Test
    void namesVerbsForStatistics() {
        assertThat(List.of(
                        "EHLO a",
                        "HELO a",
                        "MAIL FROM:<>",
                        "RCPT TO:<postmaster>",
                        "AUTH PLAIN",
                        "VRFY a",
                        "NOOP",
                        "X"))
                .extracting(line -> parse(line).verb())
                .containsExactly("ehlo", "helo", "mail", "rcpt", "auth", "vrfy", "noop", "unknown");
    }

    @Test
    void readsPathsToTheirEnds() {
        assertThat(sender("<\"a\\\\\"@example.org>").localPart()).isEqualTo("a\\");
        assertThat(parse("RCPT TO:<postmaster> X=1")).isInstanceOf(SmtpCommand.Rcpt.class);
        assertThat(refusal("RCPT TO:<@a.example:>").toString()).startsWith("501 5.1.3");
        assertThat(refusal("MAIL FROM:<@[IPv6:2001:db8::1>").text()).isEqualTo("Not an address");
        assertThat(refusal("MAIL FROM:").text()).isEqualTo("Put the sender in angle brackets");
        assertThat(refusal("MAIL FROM:<").text()).isEqualTo("The sender lacks its closing bracket");
        assertThat(refusal("RCPT TO:<a@b.test>x").text()).isEqualTo("Unexpected text after the recipient");
        assertThat(SmtpCommandParser.MAX_LINE).isEqualTo(2_048);
        assertThat(SmtpCommandParser.MAX_AUTH_LINE).isEqualTo(12_288);
    }
}
