package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.delivery.routing.LiteralDirectory;
import org.posthorn.delivery.routing.LocalFirstRouter;
import org.posthorn.delivery.routing.StaticRoutes;
import org.posthorn.directory.Resolution;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

class MailDestinationsTest {
    private static final Address ALICE = Address.parse("alice@posthorn.test");
    private static final Address BOB = Address.parse("bob@posthorn.test");

    private final Map<String, Resolution> entries = new HashMap<>(Map.of(
            "alice@posthorn.test", new Resolution.Mailbox(ALICE),
            "bob@posthorn.test", new Resolution.Mailbox(BOB),
            "both@posthorn.test", new Resolution.Forward(List.of(ALICE, BOB)),
            "out@posthorn.test", new Resolution.Forward(List.of(ALICE, Address.parse("x@elsewhere.example")))));

    private MailDestinations of(String... recipients) {
        LiteralDirectory directory = new LiteralDirectory(Domain.parse("posthorn.test"), entries);
        return MailDestinations.of(
                new LocalFirstRouter(directory, StaticRoutes.NONE, MailLog.none())::preview,
                List.of(recipients).stream().map(Address::parse).toList());
    }

    @Test
    void seesThroughAliases() {
        assertThat(of("both@posthorn.test").accounts()).containsExactlyInAnyOrder(ALICE, BOB);
        assertThat(of("out@posthorn.test").accounts()).containsExactly(ALICE);
    }

    private static byte[] hadBy(Address... accounts) {
        StringBuilder header = new StringBuilder("Subject: x\r\n");
        for (Address account : accounts) {
            header.append("Delivered-To: ").append(account).append("\r\n");
        }
        return header.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void isInALoopOnlyWhereNobodyWouldGetAnythingNew() {
        assertThat(of("alice@posthorn.test").loop(hadBy(ALICE))).contains(ALICE);
        assertThat(of("both@posthorn.test").loop(hadBy(BOB, ALICE))).contains(BOB);
        assertThat(of("alice@posthorn.test").loop(hadBy())).isEmpty();
        assertThat(of("both@posthorn.test").loop(hadBy(ALICE))).isEmpty();
        assertThat(of("alice@posthorn.test", "bob@posthorn.test").loop(hadBy(BOB)))
                .isEmpty();
        assertThat(of("out@posthorn.test").loop(hadBy(ALICE))).isEmpty();
        assertThat(of("alice@posthorn.test", "y@elsewhere.example").loop(hadBy(ALICE)))
                .isEmpty();
        // Gone since it was taken at RCPT: who knows.
        assertThat(of("alice@posthorn.test", "gone@posthorn.test").loop(hadBy(ALICE)))
                .isEmpty();
        assertThat(of("x@elsewhere.example").loop(hadBy())).isEmpty();
    }
}
