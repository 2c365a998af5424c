package org.posthorn.intake.authentication;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.authres.MethodResult;
import org.posthorn.protocol.authres.Methods;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.spf.SpfIdentity;
import org.posthorn.protocol.spf.SpfResult;
import org.posthorn.protocol.spf.SpfVerdict;

/**
 * All that was found out about where a message comes from.
 *
 * @param spf of MAIL FROM, or of HELO where that is empty; empty when SPF did not come to an end
 * @param spfOfHelo of HELO, where MAIL FROM is not empty
 * @param dkim a verdict for each signature, or one that says none
 * @param arc empty when its check did not come to an end
 * @param listDamage in words, where a mailing list seems to have broken the author's signature
 */
public record Authentication(
        InetAddress client,
        Iprev iprev,
        Optional<SpfVerdict> spf,
        Optional<SpfVerdict> spfOfHelo,
        List<DkimVerdict> dkim,
        Optional<ArcVerdict> arc,
        AuthorDomain author,
        DmarcVerdict dmarc,
        Optional<String> listDamage) {
    public Authentication {
        dkim = List.copyOf(dkim);
    }

    /** The result of SPF, as a word. */
    public String spfResult() {
        return spf.map(verdict -> verdict.result().word()).orElse("temperror");
    }

    /**
     * Whether the mail comes from who its envelope names: SPF passes for the reverse-path, or a signature of its domain or of one
     * above it does. Anybody may put any sender there.
     */
    public boolean proves(Address sender) {
        return spf.stream()
                        .anyMatch(verdict ->
                                verdict.identity() == SpfIdentity.MAIL_FROM && verdict.result() == SpfResult.PASS)
                || dkim.stream()
                        .filter(DkimVerdict::passed)
                        .anyMatch(verdict -> covers(
                                verdict.domain().toLowerCase(Locale.ROOT),
                                sender.domain().name()));
    }

    private static boolean covers(String signing, String domain) {
        return !signing.isEmpty() && (domain.equals(signing) || domain.endsWith("." + signing));
    }

    /** For Authentication-Results. */
    public List<MethodResult> results() {
        List<MethodResult> results = new ArrayList<>();
        results.add(Methods.iprev(iprev.result().name(), client, iprev.name()));
        spf.ifPresent(verdict -> results.add(of(verdict)));
        spfOfHelo.ifPresent(verdict -> results.add(of(verdict)));
        dkim.stream().limit(AuthenticationResults.MAX_RESULTS / 2).forEach(verdict -> results.add(of(verdict)));
        arc.ifPresent(verdict -> results.add(of(verdict)));
        results.add(ofDmarc());
        return results;
    }

    private static MethodResult of(SpfVerdict verdict) {
        MethodResult result = MethodResult.of("spf", verdict.result().word());
        String[] property = verdict.identity().property().split("\\.", 2);
        MethodResult named = result.with(property[0], property[1], verdict.checked());
        return verdict.reason().map(named::because).orElse(named);
    }

    private static MethodResult of(DkimVerdict verdict) {
        if (verdict.domain().isEmpty()) {
            return MethodResult.of("dkim", verdict.result().text()).remark(verdict.reason());
        }
        MethodResult result = Methods.dkim(
                verdict.result().text(),
                verdict.domain(),
                nonEmpty(verdict.identity()),
                nonEmpty(verdict.selector()),
                nonEmpty(verdict.algorithm()),
                verdict.signature());
        if (verdict.reason().isEmpty()) {
            return result;
        }
        // What is remarkable about a pass is that it covers a part of the body only (RFC 6376 8.2).
        return verdict.result() == DkimResult.PASS ? result.remark(verdict.reason()) : result.because(verdict.reason());
    }

    private static MethodResult of(ArcVerdict verdict) {
        MethodResult result = Methods.arc(verdict.result().text());
        return switch (verdict.result()) {
            case NONE -> result;
            case PASS -> result.remark("sealed by " + String.join(", ", verdict.sealers()));
            case FAIL -> result.because(verdict.reason());
        };
    }

    private MethodResult ofDmarc() {
        if (dmarc.author().isEmpty()) {
            return MethodResult.of("dmarc", dmarc.result().text()).remark(String.join(", ", dmarc.reasons()));
        }
        String from = dmarc.author().get();
        return Methods.dmarc(
                dmarc.result().text(),
                from,
                dmarc.record().map(record -> record.policy().text()),
                dmarc.recordDomain().filter(domain -> !domain.equals(from)));
    }

    private static Optional<String> nonEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
