package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Address;
import org.posthorn.protocol.arc.ArcResult;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcChecker;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.spf.SpfIdentity;
import org.posthorn.protocol.spf.SpfResult;
import org.posthorn.protocol.spf.SpfVerdict;

class AuthenticationTest {
    private static String field(DkimVerdict signature) {
        return new AuthenticationResults("mx.example.net", judged(signature).results())
                .text()
                .replaceAll("\\s+", " ");
    }

    private static Authentication judged(DkimVerdict signature) {
        AuthorDomain author = AuthorDomain.of("a@example.org");
        return new Authentication(
                InetAddress.ofLiteral("192.0.2.1"),
                Iprev.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                List.of(signature),
                Optional.empty(),
                author,
                new DmarcChecker(new ZoneResolver()).check(author, List.of()),
                Optional.empty());
    }

    /** Of SPF see InboundAuthenticationTest. */
    @Test
    void aSignatureProvesSendersOfItsDomainAndBelow() {
        Authentication signed = judged(signature(DkimResult.PASS, ""));
        assertThat(signed.proves(Address.parse("x@example.org"))).isTrue();
        assertThat(signed.proves(Address.parse("x@bounces.example.org"))).isTrue();
        assertThat(signed.proves(Address.parse("x@org"))).isFalse();
        assertThat(signed.proves(Address.parse("x@notexample.org"))).isFalse();
        assertThat(signed.proves(Address.parse("x@example.org.evil.example"))).isFalse();
        assertThat(judged(signature(DkimResult.FAIL, "")).proves(Address.parse("x@example.org")))
                .isFalse();
    }

    private static DkimVerdict signature(DkimResult result, String reason) {
        return new DkimVerdict(
                result,
                "example.org",
                "s",
                "@example.org",
                "rsa-sha256",
                reason,
                2048,
                false,
                OptionalLong.of(5),
                "abcd");
    }

    /** RFC 6376 8.2: whoever reads the field should know that the rest of the body may be anybody's. */
    @Test
    void saysHowMuchOfTheBodyASignatureCovers() {
        assertThat(field(signature(DkimResult.PASS, "covers only 5 of 90 octets of the body")))
                .contains("dkim=pass (covers only 5 of 90 octets of the body) header.d=example.org");
        assertThat(field(signature(DkimResult.PASS, ""))).contains("dkim=pass header.d=example.org");
    }

    @Test
    void saysWhyASignatureDoesNotPass() {
        assertThat(field(signature(DkimResult.PERMERROR, "the key is revoked")))
                .contains("dkim=permerror reason=\"the key is revoked\" header.d=example.org");
    }

    private static final AuthorDomain AUTHOR = AuthorDomain.of("a@author.example");
    private static final DmarcVerdict FAILS = Verdicts.dmarc(DmarcVerdict.Result.FAIL, "v=DMARC1; p=quarantine");

    private static String text(Authentication message) {
        return new AuthenticationResults("mx.example.net", message.results())
                .text()
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** Anybody may call himself anything at HELO. */
    @Test
    void onlySpfOfMailFromProvesTheSender() {
        Address sender = Address.parse("x@sender.example");
        for (SpfIdentity identity : SpfIdentity.values()) {
            SpfVerdict passes = Verdicts.spf(identity, SpfResult.PASS, "sender.example");
            assertThat(Verdicts.of(Optional.of(passes), List.of(), Optional.empty(), AUTHOR, FAILS)
                            .proves(sender))
                    .as(identity.toString())
                    .isEqualTo(identity == SpfIdentity.MAIL_FROM);
        }
        SpfVerdict fails = Verdicts.spf(SpfIdentity.MAIL_FROM, SpfResult.SOFTFAIL, "sender.example");
        assertThat(Verdicts.of(Optional.of(fails), List.of(), Optional.empty(), AUTHOR, FAILS)
                        .proves(sender))
                .isFalse();
        assertThat(Verdicts.of(
                                Optional.empty(),
                                List.of(Verdicts.dkim(DkimResult.PASS, "Sender.EXAMPLE")),
                                Optional.empty(),
                                AUTHOR,
                                FAILS)
                        .proves(sender))
                .isTrue();
    }

    @Test
    void saysAllThatWasFound() {
        Authentication message = new Authentication(
                InetAddress.ofLiteral("192.0.2.1"),
                new Iprev(Iprev.Result.PASS, Optional.of("mail.example.org")),
                Optional.of(Verdicts.spf(SpfIdentity.MAIL_FROM, SpfResult.SOFTFAIL, "sender.example")),
                Optional.of(Verdicts.spf(SpfIdentity.HELO, SpfResult.NONE, "mail.example.org")),
                List.of(Verdicts.dkim(DkimResult.PASS, "author.example")),
                Optional.of(Verdicts.chain(
                        ArcResult.PASS,
                        1,
                        Verdicts.sealed(1, "a.example", "none"),
                        Verdicts.sealed(2, "b.example", "none"))),
                AUTHOR,
                FAILS,
                Optional.empty());
        assertThat(message.spfResult()).isEqualTo("softfail");
        assertThat(text(message))
                .isEqualTo("Authentication-Results: mx.example.net;"
                        + " iprev=pass (mail.example.org) policy.iprev=192.0.2.1;"
                        + " spf=softfail smtp.mailfrom=a@sender.example;"
                        + " spf=none smtp.helo=mail.example.org;"
                        + " dkim=pass header.d=author.example header.i=@author.example header.s=s"
                        + " header.a=rsa-sha256 header.b=abcd;"
                        + " arc=pass (sealed by a.example, b.example);"
                        + " dmarc=fail header.from=author.example polrec.p=quarantine");
    }

    @Test
    void saysWhyNothingWasFound() {
        DmarcVerdict none = Verdicts.dmarc(DmarcVerdict.Result.NONE, Optional.empty());
        SpfVerdict broken = new SpfVerdict(
                SpfResult.PERMERROR,
                SpfIdentity.MAIL_FROM,
                "a@sender.example",
                "sender.example",
                Optional.empty(),
                Optional.empty(),
                Optional.of("two records"),
                0,
                0,
                0);
        Authentication message = Verdicts.of(
                Optional.of(broken), List.of(), Optional.of(Verdicts.chain(ArcResult.FAIL, 0)), AUTHOR, none);
        assertThat(text(message))
                .contains("; spf=permerror reason=\"two records\" smtp.mailfrom=a@sender.example;")
                .contains("; arc=fail reason=\"broken\";")
                .endsWith("; dmarc=none (why)");
    }

    /** The record may be that of the organizational domain. */
    @Test
    void saysWhereTheRecordIsIfNotAtTheAuthorsDomain() {
        DmarcVerdict below = new DmarcVerdict(
                DmarcVerdict.Result.FAIL,
                Optional.of("mail.author.example"),
                FAILS.policy(),
                FAILS.disposition(),
                FAILS.record(),
                FAILS.recordDomain(),
                FAILS.organizationalDomain(),
                List.of(),
                List.of());
        assertThat(text(Verdicts.of(Optional.empty(), List.of(), Optional.empty(), AUTHOR, below)))
                .endsWith("; dmarc=fail header.from=mail.author.example polrec.p=quarantine"
                        + " polrec.domain=author.example");
    }

    /** A message may have any number of signatures; readers stop at 100 results. */
    @Test
    void fiftySignaturesAreToldOf() {
        List<DkimVerdict> many = Collections.nCopies(51, Verdicts.dkim(DkimResult.PASS, "author.example"));
        assertThat(Verdicts.of(Optional.empty(), many, Optional.empty(), AUTHOR, FAILS).results().stream()
                        .filter(result -> result.method().equals("dkim")))
                .hasSize(50);
    }
}
