package org.posthorn.intake.authentication;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.arc.ArcResult;
import org.posthorn.protocol.arc.ArcSet;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcRecord;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.dmarc.Policy;
import org.posthorn.protocol.spf.SpfIdentity;
import org.posthorn.protocol.spf.SpfResult;
import org.posthorn.protocol.spf.SpfVerdict;

/** What was found out about a message of 192.0.2.1, word for word. */
final class Verdicts {
    private Verdicts() {}

    static SpfVerdict spf(SpfIdentity identity, SpfResult result, String domain) {
        return new SpfVerdict(
                result,
                identity,
                identity == SpfIdentity.MAIL_FROM ? "a@" + domain : domain,
                domain,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0);
    }

    static DkimVerdict dkim(DkimResult result, String domain) {
        return new DkimVerdict(
                result, domain, "s", "@" + domain, "rsa-sha256", "", 2048, false, OptionalLong.empty(), "abcd");
    }

    /** Of a record, as it was written, for mail of author.example. */
    static DmarcVerdict dmarc(DmarcVerdict.Result result, String text) {
        DmarcRecord record = DmarcRecord.parse(text).orElseThrow();
        boolean fails = result == DmarcVerdict.Result.FAIL;
        Policy wanted = record.testing() ? record.policy().oneLevelBelow() : record.policy();
        return new DmarcVerdict(
                result,
                Optional.of("author.example"),
                record.policy(),
                fails ? wanted : Policy.NONE,
                Optional.of(record),
                Optional.of("author.example"),
                Optional.of("author.example"),
                List.of(),
                List.of("why"));
    }

    /** Without a record. */
    static DmarcVerdict dmarc(DmarcVerdict.Result result, Optional<String> author) {
        return new DmarcVerdict(
                result,
                author,
                Policy.NONE,
                Policy.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of("why"));
    }

    /** A chain of these sets, unchanged since this instance. */
    static ArcVerdict chain(ArcResult result, int oldestPass, ArcSet... sets) {
        return new ArcVerdict(
                result, result == ArcResult.PASS ? "" : "broken", List.of(sets), sets.length, oldestPass, false);
    }

    static ArcSet sealed(int instance, String sealer, String results) {
        return new ArcSet(
                instance,
                sealer,
                "s",
                instance == 1 ? ArcResult.NONE : ArcResult.PASS,
                new HeaderField("ARC-Authentication-Results: i=" + instance + "; " + sealer + "; " + results),
                new HeaderField("ARC-Message-Signature: i=" + instance),
                new HeaderField("ARC-Seal: i=" + instance));
    }

    static Authentication of(
            Optional<SpfVerdict> spf,
            List<DkimVerdict> dkim,
            Optional<ArcVerdict> arc,
            AuthorDomain author,
            DmarcVerdict dmarc) {
        return new Authentication(
                InetAddress.ofLiteral("192.0.2.1"),
                new Iprev(Iprev.Result.PASS, Optional.of("mail.example.org")),
                spf,
                Optional.empty(),
                dkim,
                arc,
                author,
                dmarc,
                Optional.empty());
    }
}
