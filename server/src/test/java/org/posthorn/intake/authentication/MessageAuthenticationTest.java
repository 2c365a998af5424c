package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.posthorn.dns.Answer;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Address;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.DmarcVerdict;

class MessageAuthenticationTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T20:15:30Z"));
    private static final List<HeaderField> HEADER = List.of(
            new HeaderField("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=From; bh=AAAA; b=AAAA"),
            new HeaderField("From: a@example.org"));

    /** Answers nothing until it may. */
    private record Slow(Resolver other, CountDownLatch gate) implements Resolver {
        @Override
        public <T> Answer<T> ask(RecordType<T> type, String name) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return other.ask(type, name);
        }
    }

    private static Authentication judge(Resolver resolver, Duration patience) throws Exception {
        MessageAuthentication message = new MessageAuthenticator(resolver, "mx.example.net", patience, false, CLOCK)
                .begin(InetAddress.ofLiteral("192.0.2.1"), "h.example", Optional.of(Address.parse("a@example.org")));
        message.header(HEADER);
        message.body(new byte[] {'x', '\r', '\n'}, 0, 3);
        return message.finish();
    }

    @Test
    void doesNotWaitBeyondItsTimeLimit() {
        CountDownLatch gate = new CountDownLatch(1);
        Authentication verdict = assertTimeoutPreemptively(
                Duration.ofMinutes(1), () -> judge(new Slow(new ZoneResolver(), gate), Duration.ofMillis(100)));
        gate.countDown();

        assertThat(verdict.spfResult()).isEqualTo("temperror");
        assertThat(verdict.spf()).isEmpty();
        assertThat(verdict.dkim()).extracting(DkimVerdict::result).containsExactly(DkimResult.TEMPERROR);
        assertThat(verdict.arc()).isEmpty();
        assertThat(verdict.iprev().result()).isEqualTo(Iprev.Result.TEMPERROR);
        assertThat(verdict.dmarc().result()).isEqualTo(DmarcVerdict.Result.TEMPERROR);
        assertThat(verdict.dmarc().author()).contains("example.org");
    }

    @Test
    void judgesWhatIsAnsweredInTime() throws Exception {
        CountDownLatch open = new CountDownLatch(0);
        Authentication verdict = judge(new Slow(new ZoneResolver(), open), Duration.ofMinutes(1));

        assertThat(verdict.spfResult()).isEqualTo("none");
        assertThat(verdict.dkim()).extracting(DkimVerdict::result).containsExactly(DkimResult.PERMERROR);
        assertThat(verdict.dmarc().result()).isEqualTo(DmarcVerdict.Result.NONE);
    }

    private static Authentication from(Resolver resolver, boolean byList, String helo, String author) {
        MessageAuthentication message = new MessageAuthenticator(
                        resolver, "mx.example.net", Duration.ofMinutes(1), byList, CLOCK)
                .begin(InetAddress.ofLiteral("192.0.2.1"), helo, Optional.empty());
        message.header(List.of(new HeaderField("From: a@" + author)));
        message.body(new byte[] {'x', '\r', '\n'}, 0, 3);
        return message.finish();
    }

    /** No name in the DNS is longer than 255 characters, and what a stranger says is not kept. */
    @Test
    void aHeloThatIsNoNameIsNotLookedAt() {
        String label = "a".repeat(63) + ".";
        String longest = label.repeat(3) + "a".repeat(255 - 3 * 64);
        assertThat(from(new ZoneResolver(), false, longest, "b.example")
                        .spf()
                        .orElseThrow()
                        .checked())
                .contains(longest);
        assertThat(from(new ZoneResolver(), false, longest + "a", "b.example")
                        .spf()
                        .orElseThrow()
                        .checked())
                .doesNotContain("aaa");
    }

    /** co.uk is in the list of public suffixes; the walk up the tree asks it all the same. */
    @Test
    void organizationalDomainsAreFoundByTheWayThatIsConfigured() {
        ZoneResolver zone = new ZoneResolver().withTxt("_dmarc.co.uk", "v=DMARC1; p=reject");
        assertThat(from(zone, true, "h.example", "mail.some.co.uk").dmarc().record())
                .isEmpty();
        assertThat(from(zone, false, "h.example", "mail.some.co.uk").dmarc().record())
                .isPresent();
    }
}
