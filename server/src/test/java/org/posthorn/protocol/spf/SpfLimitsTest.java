package org.posthorn.protocol.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.dns.ZoneResolver;

/** Where each bound lies: the last that is taken, and the first that is not. */
class SpfLimitsTest {
    private static final String LABEL = "x".repeat(63);

    /** 253 characters. */
    private static final String LONGEST = LABEL + "." + LABEL + "." + LABEL + "." + "x".repeat(61);

    private final ZoneResolver zone = new ZoneResolver();

    private SpfVerdict check(String helo, String from) {
        return new SpfChecker(zone, "mx.receiver.example")
                .check(
                        new SpfQuery(InetAddress.ofLiteral("192.0.2.1"), helo, Optional.of(from)),
                        Instant.ofEpochSecond(1000));
    }

    @Test
    void namesThatCanBeAsked() {
        assertThat(LONGEST).hasSize(253);
        for (String name : new String[] {"a", "a.b", LABEL, LONGEST, "a b", "~"}) {
            assertThat(DomainName.canBeAsked(name)).as(name).isTrue();
        }
        for (String name :
                new String[] {"", ".", ".a", "a.", "a..b", "x" + LABEL, "x" + LONGEST, "a\u001f", "a\u007f", "\u00e4"
                }) {
            assertThat(DomainName.canBeAsked(name)).as(name).isFalse();
        }
    }

    @Test
    void namesThatCanHaveAPolicy() {
        assertThat(DomainName.canHavePolicy("a.b")).isTrue();
        for (String name : new String[] {"localhost", ".a", "[192.0.2.1]", "a..b"}) {
            assertThat(DomainName.canHavePolicy(name)).as(name).isFalse();
        }
    }

    @Test
    void namesWithinADomain() {
        assertThat(DomainName.isWithin("Mail.Example.ORG", "example.org")).isTrue();
        assertThat(DomainName.isWithin("EXAMPLE.org", "example.org")).isTrue();
        for (String name : new String[] {"notexample.org", ".example.org", "xample.org", "mail.example.net"}) {
            assertThat(DomainName.isWithin(name, "example.org")).as(name).isFalse();
        }
    }

    @Test
    void namesInALabels() {
        assertThat(DomainName.ascii("MAIL.Example.")).isEqualTo("MAIL.Example");
        assertThat(DomainName.ascii("b\u00fccher.example")).isEqualTo("xn--bcher-kva.example");
    }

    private static MacroValues values(String helo) {
        return new MacroValues(
                InetAddress.ofLiteral("192.0.2.1"),
                "alice",
                "example.org",
                helo,
                "mx.receiver.example",
                Instant.EPOCH,
                domain -> "unknown");
    }

    private static String domain(String text, String current) {
        return values("h").domain(MacroString.parse(text, false), current);
    }

    @Test
    void dropsLabelsFromTheLeftOfADomainThatIsTooLong() {
        assertThat(domain(LONGEST, "x")).isEqualTo(LONGEST);
        assertThat(domain("y." + LONGEST, "x")).isEqualTo(LONGEST);
        assertThat(domain("y" + LONGEST, "x")).isEqualTo(LONGEST.substring(64));
        assertThat(domain("z" + "y".repeat(253), "x")).isEqualTo("y".repeat(253));
        assertThat(domain("a.example.", "x")).isEqualTo("a.example");
    }

    @Test
    void keepsAsManyPartsAsAMacroSays() {
        String twelve = "a.b.c.d.e.f.g.h.i.j.k.l";
        assertThat(domain("%{d1}", twelve)).isEqualTo("l");
        assertThat(domain("%{d9}", twelve)).isEqualTo("d.e.f.g.h.i.j.k.l");
        assertThat(domain("%{d10}", twelve)).isEqualTo("c.d.e.f.g.h.i.j.k.l");
        assertThat(domain("%{d11}", twelve)).isEqualTo("b.c.d.e.f.g.h.i.j.k.l");
        assertThat(domain("%{d20}", twelve)).isEqualTo(twelve);
        assertThat(domain("%{s}.~", "x")).isEqualTo("alice@example.org.~");
        assertThatThrownBy(() -> MacroString.parse("a\u007f", false)).isInstanceOf(MalformedSpfException.class);
        assertThatThrownBy(() -> MacroString.parse("a b", false)).isInstanceOf(MalformedSpfException.class);
    }

    @Test
    void expandsToTheLengthThatIsAllowed() {
        MacroString three = MacroString.parse("abc", true);
        assertThat(values("h").expand(three, "x", 3)).contains("abc");
        assertThat(values("h").expand(three, "x", 2)).isEmpty();
    }

    @Test
    void explainsInAThousandCharacters() {
        zone.withTxt("example.org", "v=spf1 -all exp=why.example.org").withTxt("why.example.org", "y".repeat(1000));
        assertThat(check("h", "a@example.org").explanation()).contains("y".repeat(1000));
        zone.withTxt("example.net", "v=spf1 -all exp=why.example.net").withTxt("why.example.net", "y".repeat(1001));
        assertThat(check("h", "a@example.net").explanation()).isEmpty();
    }

    @Test
    void leavesOutAnExplanationInWhichAMacroIsNotPrintable() {
        zone.withTxt("example.org", "v=spf1 -all exp=why.example.org").withTxt("why.example.org", "%{h} may not");
        assertThat(check("a ~b", "a@example.org").explanation()).contains("a ~b may not");
        for (String helo : new String[] {"a\u001fb", "a\u007fb"}) {
            assertThat(check(helo, "a@example.org").explanation()).as(helo).isEmpty();
        }
    }

    @Test
    void countsQuestions() {
        zone.withTxt("example.org", "v=spf1 exists:a.example.org exists:b..example.org -all exp=why.example.org")
                .withTxt("why.example.org", "no");
        SpfVerdict verdict = check("h", "a@example.org");
        assertThat(verdict.result()).isEqualTo(SpfResult.FAIL);
        assertThat(verdict.questions()).isEqualTo(3);
    }

    @Test
    void asksAboutNamesOf512Characters() {
        InetAddress client = InetAddress.ofLiteral("192.0.2.1");
        String longest = "h".repeat(512);
        assertThat(new SpfQuery(client, longest, Optional.of(longest)).helo()).hasSize(512);
        assertThatThrownBy(() -> new SpfQuery(client, longest + "h", Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SpfQuery(client, "h", Optional.of(longest + "h")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsRecordsOf65535Characters() {
        String longest = "v=spf1" + " ".repeat(65_529);
        assertThat(SpfRecord.parse(longest).directives()).isEmpty();
        assertThatThrownBy(() -> SpfRecord.parse(longest + " ")).isInstanceOf(MalformedSpfException.class);
    }

    @Test
    void showsTheFirst100CharactersOfATermThatIsWrong() {
        assertThatThrownBy(() -> SpfRecord.parse("v=spf1 " + "x".repeat(100)))
                .hasMessageStartingWith("\"" + "x".repeat(100) + "\":");
        assertThatThrownBy(() -> SpfRecord.parse("v=spf1 " + "x".repeat(101)))
                .hasMessageStartingWith("\"" + "x".repeat(100) + "...\":");
    }

    @Test
    void shortensTheFirstOfTheLongestRunsOfZeros() {
        assertThat(AddressText.of(InetAddress.ofLiteral("2001:db8:0:0:1:0:0:1")))
                .isEqualTo("2001:db8::1:0:0:1");
        assertThat(AddressText.of(InetAddress.ofLiteral("1:2:3:4:5:6:7:8"))).isEqualTo("1:2:3:4:5:6:7:8");
        assertThat(AddressText.of(InetAddress.ofLiteral("1:0:3:4:5:6:7:8"))).isEqualTo("1:0:3:4:5:6:7:8");
    }

    @Test
    void theSurveyAllowsTenLookUps() {
        zone.withTxt("example.org", "v=spf1" + " a".repeat(10) + " -all")
                .withTxt("example.net", "v=spf1" + " a".repeat(11) + " -all")
                .withTxt("example.com", "v=spf1 include:%{d1}.example.com -all");
        SpfSurvey ten = SpfSurvey.of(zone, "example.org");
        assertThat(ten.faults()).isEmpty();
        assertThat(ten.record()).contains("v=spf1" + " a".repeat(10) + " -all");
        assertThat(SpfSurvey.of(zone, "example.net").faults())
                .containsExactly("needs 11 look-ups, but only 10 are allowed");
        SpfSurvey macro = SpfSurvey.of(zone, "example.com");
        assertThat(macro.faults()).isEmpty();
        assertThat(macro.lookUps()).isEqualTo(1);
    }
}
