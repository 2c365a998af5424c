package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.posthorn.intake.authentication.Disposition.PolicyOverride;
import org.posthorn.protocol.arc.ArcResult;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.dmarc.Policy;
import org.posthorn.protocol.spf.SpfIdentity;
import org.posthorn.protocol.spf.SpfResult;
import org.posthorn.protocol.spf.SpfVerdict;

/** What becomes of mail by its verdicts; ours.example is a domain of this server. */
class DispositionRulesTest {
    private static final AuthorDomain AUTHOR = AuthorDomain.of("a@author.example");
    private static final AuthorDomain OURS = AuthorDomain.of("a@ours.example");

    private boolean enforce = true;
    private boolean deferUnknown = true;
    private Policy malformedFrom = Policy.QUARANTINE;
    private Policy ownDomains = Policy.QUARANTINE;
    private Map<String, Policy> overrides = Map.of();
    private Map<String, Policy> spfFail = Map.of();
    private Set<String> sealers = Set.of();

    private String decide(Authentication message) {
        AuthenticationConfig config = new AuthenticationConfig(
                enforce,
                List.of(),
                Duration.ofSeconds(20),
                deferUnknown,
                false,
                malformedFrom,
                ownDomains,
                overrides,
                spfFail,
                sealers);
        Disposition disposition =
                new DispositionRules(config, domain -> domain.name().equals("ours.example")).decide(message);
        String reply = switch (disposition) {
            case Disposition.Reject(var text, var _) -> " " + text;
            case Disposition.Defer(var text, var _) -> " " + text;
            case Disposition.Accept _, Disposition.Quarantine _ -> "";
        };
        return disposition.name() + disposition.override().map(why -> " " + why).orElse("") + reply;
    }

    private static Authentication failing(String record) {
        return judged(Verdicts.dmarc(DmarcVerdict.Result.FAIL, record));
    }

    private static Authentication judged(DmarcVerdict dmarc) {
        return Verdicts.of(Optional.empty(), List.of(), Optional.empty(), AUTHOR, dmarc);
    }

    private static Authentication withSpf(SpfResult result, DmarcVerdict dmarc) {
        SpfVerdict spf = Verdicts.spf(SpfIdentity.MAIL_FROM, result, "sender.example");
        return Verdicts.of(Optional.of(spf), List.of(), Optional.empty(), AUTHOR, dmarc);
    }

    @ParameterizedTest
    @CsvSource({
        "v=DMARC1; p=none, none",
        "v=DMARC1; p=quarantine, quarantine",
        "v=DMARC1; p=quarantine; t=y, none POLICY_TEST_MODE",
        "v=DMARC1; p=reject; t=y, quarantine POLICY_TEST_MODE",
    })
    void appliesThePolicyOfTheDomain(String record, String becomes) {
        assertThat(decide(failing(record))).isEqualTo(becomes);
    }

    /** RFC 7372 3.2, RFC 9989 7.3: the word DMARC, and whose record it was. */
    @Test
    void saysWhoseRecordRefuses() {
        assertThat(decide(failing("v=DMARC1; p=reject")))
                .isEqualTo("reject 550 5.7.26 DMARC: message fails the checks of author.example, whose policy is reject"
                        + " (record of author.example)");
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, v=DMARC1; p=reject, none LOCAL_POLICY",
        "NONE, v=DMARC1; p=none, none",
        "QUARANTINE, v=DMARC1; p=reject, quarantine LOCAL_POLICY",
        "QUARANTINE, v=DMARC1; p=reject; t=y, quarantine POLICY_TEST_MODE",
        "QUARANTINE, v=DMARC1; p=quarantine, quarantine",
    })
    void aRuleForTheDomainStandsInPlaceOfItsPolicy(Policy rule, String record, String becomes) {
        overrides = Map.of("author.example", rule);
        assertThat(decide(failing(record))).isEqualTo(becomes);
    }

    @Test
    void aRuleMayBeStricterThanTheDomain() {
        overrides = Map.of("author.example", Policy.REJECT);
        assertThat(decide(failing("v=DMARC1; p=none"))).startsWith("reject LOCAL_POLICY 550 5.7.26 ");
    }

    @ParameterizedTest
    @EnumSource(names = {"PASS", "PERMERROR"})
    void nothingIsDoneAboutWhatDoesNotFail(DmarcVerdict.Result result) {
        assertThat(decide(judged(Verdicts.dmarc(result, "v=DMARC1; p=reject")))).isEqualTo("none");
    }

    @Test
    void whereNothingIsEnforcedAllIsTaken() {
        enforce = false;
        spfFail = Map.of("sender.example", Policy.REJECT);
        assertThat(decide(failing("v=DMARC1; p=reject"))).isEqualTo("none LOCAL_POLICY");
        assertThat(decide(failing("v=DMARC1; p=none"))).isEqualTo("none");
        assertThat(decide(withSpf(SpfResult.FAIL, Verdicts.dmarc(DmarcVerdict.Result.PASS, "v=DMARC1; p=reject"))))
                .isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "v=DMARC1; p=reject, true, 'defer 451 4.7.0 DMARC: cannot check mail of author.example at present, try again later'",
        "v=DMARC1; p=reject, false, none",
        "v=DMARC1; p=reject; t=y, true, none",
        "v=DMARC1; p=quarantine, true, none",
    })
    void defersWhatItsDomainWouldRefuseOnceItIsKnown(String record, boolean defer, String becomes) {
        deferUnknown = defer;
        assertThat(decide(judged(Verdicts.dmarc(DmarcVerdict.Result.TEMPERROR, record))))
                .isEqualTo(becomes);
    }

    @Test
    void aRuleSaysWhetherWhatIsUnknownWaits() {
        overrides = Map.of("author.example", Policy.REJECT);
        assertThat(decide(judged(Verdicts.dmarc(DmarcVerdict.Result.TEMPERROR, "v=DMARC1; p=none"))))
                .startsWith("defer 451 ");
        overrides = Map.of("author.example", Policy.NONE);
        assertThat(decide(judged(Verdicts.dmarc(DmarcVerdict.Result.TEMPERROR, "v=DMARC1; p=reject"))))
                .isEqualTo("none");
    }

    /** RFC 9989 5.4: DKIM may still speak for what SPF fails, so only a rule refuses it. */
    @Test
    void spfRefusesOnlyWhereARuleSaysSo() {
        DmarcVerdict passes = Verdicts.dmarc(DmarcVerdict.Result.PASS, "v=DMARC1; p=reject");
        assertThat(decide(withSpf(SpfResult.FAIL, passes))).isEqualTo("none");
        spfFail = Map.of("sender.example", Policy.REJECT);
        assertThat(decide(withSpf(SpfResult.FAIL, passes)))
                .isEqualTo("reject 550 5.7.23 SPF: 192.0.2.1 may not send mail of sender.example");
        assertThat(decide(withSpf(SpfResult.SOFTFAIL, passes))).isEqualTo("none");
        assertThat(decide(judged(passes))).isEqualTo("none");
        spfFail = Map.of("other.example", Policy.REJECT);
        assertThat(decide(withSpf(SpfResult.FAIL, passes))).isEqualTo("none");
        spfFail = Map.of("sender.example", Policy.NONE);
        assertThat(decide(withSpf(SpfResult.FAIL, passes))).isEqualTo("none");
    }

    @Test
    void spfPutsAsideWhatDmarcWouldTakeAndNoMore() {
        spfFail = Map.of("sender.example", Policy.QUARANTINE);
        assertThat(decide(withSpf(SpfResult.FAIL, Verdicts.dmarc(DmarcVerdict.Result.PASS, "v=DMARC1; p=reject"))))
                .isEqualTo("quarantine");
        assertThat(decide(withSpf(SpfResult.FAIL, Verdicts.dmarc(DmarcVerdict.Result.FAIL, "v=DMARC1; p=reject"))))
                .startsWith("reject 550 5.7.26 ");
        assertThat(decide(withSpf(
                        SpfResult.FAIL, Verdicts.dmarc(DmarcVerdict.Result.FAIL, "v=DMARC1; p=quarantine; t=y"))))
                .isEqualTo("quarantine POLICY_TEST_MODE");
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, none",
        "QUARANTINE, quarantine",
        "REJECT, reject 550 5.6.0 Message must have one From field with usable addresses of one domain",
    })
    void mailWithoutAUsableAuthor(Policy malformed, String becomes) {
        malformedFrom = malformed;
        DmarcVerdict none = Verdicts.dmarc(DmarcVerdict.Result.NONE, Optional.empty());
        AuthorDomain absent = new AuthorDomain.Unusable(AuthorDomain.Fault.ABSENT);
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), Optional.empty(), absent, none)))
                .isEqualTo(becomes);
        assertThat(decide(judged(Verdicts.dmarc(DmarcVerdict.Result.NONE, Optional.of("author.example")))))
                .isEqualTo("none");
    }

    private static Authentication ofOurs(Optional<SpfVerdict> spf, DkimVerdict... dkim) {
        DmarcVerdict none = Verdicts.dmarc(DmarcVerdict.Result.NONE, Optional.of("ours.example"));
        return Verdicts.of(spf, List.of(dkim), Optional.empty(), OURS, none);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, none",
        "QUARANTINE, quarantine LOCAL_POLICY",
        "REJECT, 'reject LOCAL_POLICY 550 5.7.1 Mail of our own domains needs SPF or DKIM, or a login'",
    })
    void mailThatNamesUsNeedsProof(Policy own, String becomes) {
        ownDomains = own;
        assertThat(decide(ofOurs(Optional.empty()))).isEqualTo(becomes);
    }

    @Test
    void proofIsSpfOrASignatureOfThatDomainOrOneBelow() {
        for (String domain : List.of("ours.example", "mail.ours.example")) {
            SpfVerdict spf = Verdicts.spf(SpfIdentity.MAIL_FROM, SpfResult.PASS, domain);
            assertThat(decide(ofOurs(Optional.of(spf)))).isEqualTo("none");
            assertThat(decide(ofOurs(Optional.empty(), Verdicts.dkim(DkimResult.PASS, domain))))
                    .isEqualTo("none");
            SpfVerdict neutral = Verdicts.spf(SpfIdentity.MAIL_FROM, SpfResult.NEUTRAL, domain);
            assertThat(decide(ofOurs(Optional.of(neutral)))).isEqualTo("quarantine LOCAL_POLICY");
            assertThat(decide(ofOurs(Optional.empty(), Verdicts.dkim(DkimResult.FAIL, domain))))
                    .isEqualTo("quarantine LOCAL_POLICY");
        }
        for (String domain : List.of("example", "notours.example", "other.example")) {
            SpfVerdict spf = Verdicts.spf(SpfIdentity.MAIL_FROM, SpfResult.PASS, domain);
            assertThat(decide(ofOurs(Optional.of(spf), Verdicts.dkim(DkimResult.PASS, domain))))
                    .isEqualTo("quarantine LOCAL_POLICY");
        }
    }

    @Test
    void dmarcsPassIsProofToo() {
        DmarcVerdict pass = Verdicts.dmarc(DmarcVerdict.Result.PASS, Optional.of("ours.example"));
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), Optional.empty(), OURS, pass)))
                .isEqualTo("none");
    }

    @Test
    void oneOfOursAmongSeveralAuthorsIsEnough() {
        AuthorDomain several = AuthorDomain.of("a@other.example, b@ours.example");
        DmarcVerdict none = Verdicts.dmarc(DmarcVerdict.Result.NONE, Optional.empty());
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), Optional.empty(), several, none)))
                .isEqualTo("quarantine");
        ownDomains = Policy.REJECT;
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), Optional.empty(), several, none)))
                .startsWith("reject LOCAL_POLICY");
        AuthorDomain others = AuthorDomain.of("a@other.example, b@more.example");
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), Optional.empty(), others, none)))
                .isEqualTo("quarantine");
        overrides = Map.of("other.example", Policy.NONE, "more.example", Policy.NONE);
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), Optional.empty(), others, none)))
                .isEqualTo("none");
    }

    @Test
    void aRuleForOurDomainSpeaksForItsMail() {
        overrides = Map.of("ours.example", Policy.NONE);
        assertThat(decide(ofOurs(Optional.empty()))).isEqualTo("none");
    }

    /** What the domain itself wants is not softened. */
    @Test
    void whatIsRefusedAlreadyStaysRefused() {
        ownDomains = Policy.QUARANTINE;
        DmarcVerdict fails = Verdicts.dmarc(DmarcVerdict.Result.FAIL, "v=DMARC1; p=reject");
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), Optional.empty(), OURS, fails)))
                .startsWith("reject 550 5.7.26 ");
    }

    private static ArcVerdict chain(String saw) {
        return Verdicts.chain(ArcResult.PASS, 1, Verdicts.sealed(1, "lists.example", saw));
    }

    @Test
    void aTrustedSealerVouchesForWhatDmarcFails() {
        sealers = Set.of("lists.example");
        Optional<ArcVerdict> chain = Optional.of(chain("dmarc=pass header.from=author.example"));
        DmarcVerdict fails = Verdicts.dmarc(DmarcVerdict.Result.FAIL, "v=DMARC1; p=reject");
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), chain, AUTHOR, fails)))
                .isEqualTo("none " + PolicyOverride.TRUSTED_FORWARDER);
        // Where nothing would have been done there is nothing to override.
        DmarcVerdict watched = Verdicts.dmarc(DmarcVerdict.Result.FAIL, "v=DMARC1; p=none");
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), chain, AUTHOR, watched)))
                .isEqualTo("none");
        // The operator's own rule comes first.
        overrides = Map.of("author.example", Policy.REJECT);
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), chain, AUTHOR, fails)))
                .startsWith("reject 550 ");
        overrides = Map.of();
        sealers = Set.of("other.example");
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), chain, AUTHOR, fails)))
                .startsWith("reject 550 ");
    }

    @Test
    void aTrustedSealerVouchesForMailThatNamesUs() {
        sealers = Set.of("lists.example");
        DmarcVerdict none = Verdicts.dmarc(DmarcVerdict.Result.NONE, Optional.of("ours.example"));
        Optional<ArcVerdict> chain = Optional.of(chain("dkim=pass header.d=ours.example"));
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), chain, OURS, none)))
                .isEqualTo("none");
        Optional<ArcVerdict> other = Optional.of(chain("dkim=pass header.d=other.example"));
        assertThat(decide(Verdicts.of(Optional.empty(), List.of(), other, OURS, none)))
                .isEqualTo("quarantine LOCAL_POLICY");
    }
}
