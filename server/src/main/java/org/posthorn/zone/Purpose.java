package org.posthorn.zone;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;

/** What a record is for, and how one for the same purpose is told from its neighbours under the same name. */
public enum Purpose {
    ADDRESS("address", "an A or AAAA record at the host's name"),
    MX("mx", "an MX record at the domain"),
    /** RFC 7208 4.5: a version followed by a space or nothing. */
    SPF("spf", "the one TXT record at the name that begins with v=spf1", "v=spf1(?: .*)?"),
    /** RFC 6376 3.6.1: the version may be left out, the key may not. */
    DKIM("dkim", "the TXT record at the selector's name", "(?:v *= *DKIM1 *;.*|.*\\bp *=.*)"),
    /** RFC 9989 4.7. */
    DMARC("dmarc", "the one TXT record at _dmarc that begins with v=DMARC1", "v *= *DMARC1 *(?:;.*)?"),
    /** RFC 9990 4: the receiver of reports about another domain agrees to get them. */
    DMARC_CONSENT(
            "dmarc-consent", "the TXT record below _report._dmarc that begins with v=DMARC1", "v *= *DMARC1 *(?:;.*)?"),
    /** RFC 8461 3.1. */
    MTA_STS("mta-sts", "the one TXT record at _mta-sts that begins with v=STSv1", "v *= *STSv1 *;.*"),
    MTA_STS_HOST("mta-sts-host", "whatever gives mta-sts an address: CNAME, A or AAAA"),
    /** RFC 8460 3. */
    TLSRPT("tlsrpt", "the one TXT record at _smtp._tls that begins with v=TLSRPTv1", "v *= *TLSRPTv1 *;.*"),
    /** RFC 7672 3.1: DANE-EE(3) SPKI(1) SHA-256(1). */
    TLSA("tlsa", "a TLSA record 3 1 1 at the port's name"),
    /** RFC 8659 4. */
    CAA("caa", "a CAA record with the property issue at the host's name"),
    SERVICE("service", "an SRV record at the service's name"),
    AUTOCONFIG("autoconfig", "whatever gives autoconfig or autodiscover an address: CNAME, A or AAAA"),
    REVERSE("reverse", "a PTR record at the address's name");

    private final String word;
    private final String recognition;
    private final Pattern text;

    /** Of records that are no TXT. */
    Purpose(String word, String recognition) {
        this(word, recognition, "(?!)");
    }

    Purpose(String word, String recognition, String text) {
        this.word = word;
        this.recognition = recognition;
        this.text = Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    /** The purpose of this {@link #word}. */
    public static Optional<Purpose> named(String word) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(purpose -> purpose.word.equals(wanted))
                .findFirst();
    }

    /** Names the purpose on the command line and in JSON. */
    public String word() {
        return word;
    }

    /** How an existing record of this purpose is recognised, in words. */
    public String recognition() {
        return recognition;
    }

    /** Whether a record that is there serves the purpose that the wanted one is for, whatever it says. */
    public boolean isServedBy(ZoneRecord wanted, ZoneRecord present) {
        return present.name().equals(wanted.name()) && isServedBy(present.data());
    }

    private boolean isServedBy(RecordData data) {
        return switch (data) {
            case RecordData.Txt txt -> text.matcher(txt.text()).matches();
            case RecordData.Address _ -> this == ADDRESS || this == MTA_STS_HOST || this == AUTOCONFIG;
            case RecordData.Cname _ -> this == MTA_STS_HOST || this == AUTOCONFIG;
            case RecordData.Mx _ -> this == MX;
            case RecordData.Srv _ -> this == SERVICE;
            case RecordData.Tlsa tlsa ->
                this == TLSA && tlsa.usage() == 3 && tlsa.selector() == 1 && tlsa.matching() == 1;
            case RecordData.Caa caa -> this == CAA && caa.tag().equals("issue");
            case RecordData.Ptr _ -> this == REVERSE;
        };
    }
}
