package org.posthorn.protocol.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;

/** The examples of RFC 9989 4.10. */
class TreeWalkTest {
    private final ZoneResolver zone = new ZoneResolver();
    private final RecordingResolver asked = new RecordingResolver(zone);

    private TreeWalkTest with(String domain, String tags) {
        zone.withTxt("_dmarc." + domain, "v=DMARC1; p=none; " + tags);
        return this;
    }

    private String organizational(String domain) {
        return new TreeWalk().from(domain, new Records(asked)).organizationalDomain();
    }

    @Test
    void asksForEightNamesOfLongDomain() {
        assertThat(TreeWalk.targets("a.b.c.d.e.f.g.h.i.j.mail.example.com"))
                .containsExactly(
                        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
                        "g.h.i.j.mail.example.com",
                        "h.i.j.mail.example.com",
                        "i.j.mail.example.com",
                        "j.mail.example.com",
                        "mail.example.com",
                        "example.com",
                        "com");
        assertThat(TreeWalk.targets("1.2.3.4.5.6.7.8")).hasSize(8);
        assertThat(TreeWalk.targets("a.mail.example.com"))
                .containsExactly("a.mail.example.com", "mail.example.com", "example.com", "com");
        assertThat(TreeWalk.targets("com")).containsExactly("com");
    }

    @Test
    void takesShortestNameWithRecord() {
        with("mail.example.com", "").with("example.com", "");
        assertThat(organizational("a.mail.example.com")).isEqualTo("example.com");
    }

    @Test
    void endsAtDomainThatSaysItIsNoPublicSuffix() {
        with("mail.example.com", "psd=n").with("example.com", "");
        assertThat(organizational("a.mail.example.com")).isEqualTo("mail.example.com");
        assertThat(asked.questions()).containsExactly("TXT _dmarc.a.mail.example.com", "TXT _dmarc.mail.example.com");
    }

    @Test
    void takesNameBelowPublicSuffix() {
        with("com", "psd=y");
        assertThat(organizational("a.mail.example.com")).isEqualTo("example.com");
        assertThat(organizational("example.com")).isEqualTo("example.com");
    }

    @Test
    void takesPublicSuffixItselfWhereItIsTheStart() {
        with("co.example", "psd=y").with("example", "");
        assertThat(organizational("co.example")).isEqualTo("co.example");
    }

    @Test
    void takesStartWhereThereIsNoRecord() {
        zone.withTxt("_dmarc.example.com", "v=spf1 -all");
        assertThat(organizational("a.mail.example.com")).isEqualTo("a.mail.example.com");
    }

    @Test
    void discardsSeveralRecordsOfOneName() {
        with("mail.example.com", "").with("example.com", "").with("example.com", "t=y");
        assertThat(organizational("a.mail.example.com")).isEqualTo("mail.example.com");
    }

    @Test
    void doesNotAskForNamesThatAreTooLong() {
        String longest = "a.".repeat(126) + "b";
        assertThat(organizational(longest)).isEqualTo(longest);
        assertThat(asked.questions()).hasSize(7);
    }
}
