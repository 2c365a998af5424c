package org.posthorn.cli.check;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.Resolver;
import org.posthorn.json.JsonObject;
import org.posthorn.protocol.spf.SpfChecker;
import org.posthorn.protocol.spf.SpfIdentity;
import org.posthorn.protocol.spf.SpfQuery;
import org.posthorn.protocol.spf.SpfVerdict;

/** {@code posthorn spf check}. */
final class SpfCheck implements Check {
    @Override
    public CheckResult check(JsonObject question, Resolver resolver, Instant now) {
        SpfVerdict verdict = new SpfChecker(resolver, "unknown").check(query(question), now);
        return new CheckResult(verdict.result().word(), lines(verdict), details(verdict));
    }

    /** The sender's address, in angle brackets or not; a null one, or none, for the HELO name alone. */
    static SpfQuery query(JsonObject question) {
        InetAddress client =
                address(question.text("ip").orElseThrow(() -> new IllegalArgumentException("ip is missing")));
        Optional<String> from =
                question.text("from").map(SpfCheck::withoutBrackets).filter(path -> !path.isEmpty());
        Optional<String> helo = question.text("helo");
        if (from.isEmpty() && helo.isEmpty()) {
            throw new IllegalArgumentException("from is missing, and helo too");
        }
        return new SpfQuery(client, helo.orElse(""), from);
    }

    private static InetAddress address(String text) {
        // Java would take 10.1 for an address too.
        if (!text.contains(":") && !text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            throw new IllegalArgumentException("not an IP address: " + text);
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an IP address: " + text, e);
        }
    }

    private static String withoutBrackets(String path) {
        return path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
    }

    private static List<String> lines(SpfVerdict verdict) {
        List<String> lines = new ArrayList<>();
        String what = verdict.identity() == SpfIdentity.HELO ? "HELO name" : "sender";
        lines.add(what + " " + verdict.checked() + ", policy of " + verdict.domain());
        verdict.matched()
                .ifPresent(match ->
                        lines.add("decided by " + match.directive() + " in the SPF record of " + match.domain()));
        verdict.reason().ifPresent(lines::add);
        verdict.explanation().ifPresent(words -> lines.add("the domain says: " + words));
        lines.add(verdict.terms() + " of 10 look-up terms, " + verdict.voids() + " of 2 void look-ups, "
                + verdict.questions() + " DNS questions");
        return lines;
    }

    static JsonObject details(SpfVerdict verdict) {
        JsonObject.Builder details = JsonObject.builder()
                .put("result", verdict.result().word())
                .put("identity", verdict.identity() == SpfIdentity.HELO ? "helo" : "mailfrom")
                .put("domain", verdict.domain());
        verdict.properties().forEach(details::put);
        verdict.matched()
                .ifPresent(match -> details.put("matched", match.directive()).put("matched-in", match.domain()));
        return details.putIfPresent("explanation", verdict.explanation())
                .putIfPresent("reason", verdict.reason())
                .put("terms", verdict.terms())
                .put("voids", verdict.voids())
                .put("questions", verdict.questions())
                .build();
    }
}
