package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcChecker;

class ListDamageTest {
    private static final String MAILMAN = """
            Precedence: list
            List-Id: The list <list.lists.example>
            List-Unsubscribe: <mailto:list-leave@lists.example>
            List-Post: <mailto:list@lists.example>
            """;
    private static final String REASON = "a mailing list added a footer; without that it verifies";

    private static List<HeaderField> header(String text) {
        byte[] octets = text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        HeaderScanner scanner = new HeaderScanner(1 << 20);
        assertThat(scanner.feed(octets, 0, octets.length)).isEqualTo(octets.length);
        return scanner.scanned().fields();
    }

    private static DkimVerdict signature(DkimResult result, String domain) {
        return new DkimVerdict(
                result, domain, "s", "@" + domain, "rsa-sha256", REASON, 2048, false, OptionalLong.empty(), "abcd");
    }

    private static Optional<String> describe(String text, DkimVerdict... dkim) {
        List<HeaderField> header = header(text);
        AuthorDomain author = AuthorDomain.of(header);
        ZoneResolver dns = new ZoneResolver().withTxt("_dmarc.author.example", "v=DMARC1; p=reject");
        return ListDamage.describe(header, List.of(dkim), author, new DmarcChecker(dns).check(author, List.of()));
    }

    @Test
    void saysWhatBrokeTheSignature() {
        assertThat(describe(
                        "From: Alice <alice@author.example>\nSubject: [list] a question\n" + MAILMAN,
                        signature(DkimResult.PASS, "lists.example"),
                        signature(DkimResult.FAIL, "author.example")))
                .contains(
                        "a mailing list changed the message, so that the signature of author.example does not verify any more ("
                                + REASON + "); the list should keep it whole, seal with ARC or rewrite From");
        assertThat(describe("From: alice@author.example\n" + MAILMAN, signature(DkimResult.NONE, "")))
                .contains(
                        "a mailing list sent this on, and author.example has not signed it; SPF speaks for the list only");
    }

    /** Mailman 2 and 3 ("munge From"), Google Groups, and lists that copy the author into Cc because Reply-To is the list's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: Alice Author via List <list@lists.example>\nReply-To: Alice Author <alice@author.example>\n",
                "From: \"'Alice Author' via List\" <list@lists.example>\nX-Original-From: Alice Author <alice@mail.author.example>\n",
                "From: Alice via List <list@lists.example>\nReply-To: list@lists.example\nCc: bob@other.example,\n Alice <alice@author.example>\n"
            })
    void knowsThatTheListHasTakenThePlaceOfTheAuthor(String from) {
        assertThat(describe(
                        from + MAILMAN,
                        signature(DkimResult.PASS, "lists.example"),
                        signature(DkimResult.FAIL, "author.example")))
                .contains(
                        "a mailing list put its own address into From in place of one of author.example, whose signature does not verify any more");
    }

    @Test
    void saysNothingWhereNothingWasReplaced() {
        String via = "From: Alice via List <list@lists.example>\nReply-To: alice@author.example\n";
        // The signature of the author still verifies; or it is of somebody whom the message does not name; or there is
        // no list.
        assertThat(describe(via + MAILMAN, signature(DkimResult.PASS, "author.example")))
                .isEmpty();
        assertThat(describe(via + MAILMAN, signature(DkimResult.FAIL, "else.example")))
                .isEmpty();
        assertThat(describe(via, signature(DkimResult.FAIL, "author.example"))).isEmpty();
        // A broken signature of the list itself.
        assertThat(describe(via + MAILMAN, signature(DkimResult.FAIL, "lists.example")))
                .isEmpty();
    }

    @Test
    void looksAtABoundedNumberOfAddresses() {
        String many =
                "From: x@lists.example\nReply-To: " + "b@other.example, ".repeat(10_000) + "alice@author.example\n";
        assertThat(describe(many + MAILMAN, signature(DkimResult.FAIL, "author.example")))
                .isEmpty();
    }
}
