package org.posthorn.cli.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.dns.Resolver;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.AuthenticatedDomain;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Mechanism;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Outcome;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcChecker;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.dmarc.PublicSuffixList;
import org.posthorn.protocol.spf.SpfChecker;
import org.posthorn.protocol.spf.SpfResult;
import org.posthorn.protocol.spf.SpfVerdict;

/** {@code posthorn dmarc check}. */
final class DmarcCheck implements Check {
    /** The word for the list that comes with the program. */
    private static final String BUNDLED = "bundled";

    /** Octets of a list; that of the world has 0.3 MB. */
    private static final int MAX_LIST = 16 << 20;

    private final KeptFiles<PublicSuffixList> lists = new KeptFiles<>(2, DmarcCheck::read);

    @Override
    public CheckResult check(JsonObject question, Resolver resolver, Instant now) throws IOException {
        SpfVerdict spf = new SpfChecker(resolver, "unknown").check(SpfCheck.query(question), now);
        List<DkimVerdict> dkim;
        AuthorDomain author;
        try (MessageInput message = MessageInput.of(question)) {
            dkim = DkimVerifyCheck.verify(message, resolver, now);
            author = AuthorDomain.of(message.fields());
        }
        DmarcVerdict dmarc = checker(question, resolver).check(author, authenticated(spf, dkim));
        return new CheckResult(dmarc.result().text(), lines(dmarc, spf, dkim), details(dmarc, spf, dkim));
    }

    /** RFC 9989's tree walk, or RFC 7489's discovery where a list is given. */
    private DmarcChecker checker(JsonObject question, Resolver resolver) throws IOException {
        Optional<String> list = question.text("public-suffix-list");
        if (list.isEmpty()) {
            return new DmarcChecker(resolver);
        }
        return DmarcChecker.withList(
                resolver, list.get().equals(BUNDLED) ? PublicSuffixList.bundled() : lists.get(list.get()));
    }

    private static PublicSuffixList read(Path file) throws IOException {
        byte[] text;
        try (InputStream in = Files.newInputStream(file)) {
            text = in.readNBytes(MAX_LIST + 1);
        }
        if (text.length > MAX_LIST) {
            throw new IOException("a list of more than " + MAX_LIST + " octets");
        }
        PublicSuffixList list = PublicSuffixList.parse(new String(text, StandardCharsets.UTF_8));
        if (list.isEmpty()) {
            throw new IOException("no public suffix in it");
        }
        return list;
    }

    private static List<AuthenticatedDomain> authenticated(SpfVerdict spf, List<DkimVerdict> dkim) {
        List<AuthenticatedDomain> domains = new ArrayList<>();
        domains.add(new AuthenticatedDomain(
                Mechanism.SPF,
                spf.domain(),
                outcome(spf.result() == SpfResult.PASS, spf.result() == SpfResult.TEMPERROR)));
        for (DkimVerdict signature : dkim) {
            if (!signature.domain().isEmpty()) {
                domains.add(new AuthenticatedDomain(
                        Mechanism.DKIM,
                        signature.domain(),
                        outcome(signature.passed(), signature.result() == DkimResult.TEMPERROR)));
            }
        }
        return domains;
    }

    private static Outcome outcome(boolean pass, boolean temporary) {
        return pass ? Outcome.PASS : temporary ? Outcome.TEMPERROR : Outcome.OTHER;
    }

    private static List<String> lines(DmarcVerdict dmarc, SpfVerdict spf, List<DkimVerdict> dkim) {
        List<String> lines = new ArrayList<>();
        dmarc.author()
                .ifPresent(author -> lines.add("author " + author + ", policy " + word(dmarc.policy())
                        + dmarc.recordDomain()
                                .map(domain -> " by the record of " + domain)
                                .orElse("")
                        + (dmarc.testing() ? " (being tested)" : "")));
        lines.add("what the policy wants done with this message: " + word(dmarc.disposition()));
        dmarc.aligned()
                .forEach(domain -> lines.add(domain.mechanism() + " of " + domain.domain() + " passes and is aligned"));
        lines.addAll(dmarc.reasons());
        lines.add("spf " + spf.result().word() + " for " + spf.domain());
        dkim.forEach(signature -> lines.add("dkim " + DkimVerifyCheck.line(signature)));
        return lines;
    }

    private static JsonObject details(DmarcVerdict dmarc, SpfVerdict spf, List<DkimVerdict> dkim) {
        return JsonObject.builder()
                .put("result", dmarc.result().text())
                .putIfPresent("author", dmarc.author())
                .put("policy", word(dmarc.policy()))
                .put("disposition", word(dmarc.disposition()))
                .put("testing", dmarc.testing())
                .putIfPresent("record-domain", dmarc.recordDomain())
                .putIfPresent("organizational-domain", dmarc.organizationalDomain())
                .put("aligned-spf", dmarc.passes(Mechanism.SPF))
                .put("aligned-dkim", dmarc.passes(Mechanism.DKIM))
                .put("reasons", JsonArray.ofTexts(dmarc.reasons()))
                .put("spf", SpfCheck.details(spf))
                .put("dkim", dkim.stream().map(DkimVerifyCheck::details).toList())
                .build();
    }

    private static String word(Enum<?> policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }
}
