package org.posthorn.cli.check;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.posthorn.dns.Resolver;
import org.posthorn.json.JsonObject;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dkim.DkimVerifier;

/** {@code posthorn dkim verify}. */
final class DkimVerifyCheck implements Check {
    @Override
    public CheckResult check(JsonObject question, Resolver resolver, Instant now) throws IOException {
        List<DkimVerdict> verdicts;
        try (MessageInput message = MessageInput.of(question)) {
            verdicts = verify(message, resolver, now);
        }
        String word = word(verdicts);
        JsonObject details = JsonObject.builder()
                .put("result", word)
                .put(
                        "signatures",
                        verdicts.stream().map(DkimVerifyCheck::details).toList())
                .build();
        return new CheckResult(
                word, verdicts.stream().map(DkimVerifyCheck::line).toList(), details);
    }

    static List<DkimVerdict> verify(MessageInput message, Resolver resolver, Instant now) throws IOException {
        BodyHashes hashes = new BodyHashes();
        DkimVerifier.Verification verification = new DkimVerifier(resolver).begin(message.fields(), hashes);
        message.feed(hashes);
        return verification.finish(now);
    }

    /**
     * RFC 6376 6.1: one signature that passes is enough; else one that may pass later keeps the question open, else the first tells what
     * went wrong. What we did not look at ({@code policy}) says nothing of the message (decision 137).
     */
    private static String word(List<DkimVerdict> verdicts) {
        List<DkimResult> results = verdicts.stream().map(DkimVerdict::result).toList();
        return Stream.of(DkimResult.PASS, DkimResult.TEMPERROR)
                .filter(results::contains)
                .findFirst()
                .or(() -> results.stream()
                        .filter(result -> result != DkimResult.POLICY)
                        .findFirst())
                .orElse(DkimResult.NEUTRAL)
                .text();
    }

    static String line(DkimVerdict verdict) {
        StringBuilder line = new StringBuilder(verdict.result().text());
        if (!verdict.domain().isEmpty()) {
            line.append(" d=")
                    .append(verdict.domain())
                    .append(" s=")
                    .append(verdict.selector())
                    .append(" a=")
                    .append(verdict.algorithm());
        }
        if (verdict.keyBits() > 0) {
            line.append(" (key of ").append(verdict.keyBits()).append(" bits)");
        }
        return verdict.reason().isEmpty()
                ? line.toString()
                : line.append(": ").append(verdict.reason()).toString();
    }

    static JsonObject details(DkimVerdict verdict) {
        JsonObject.Builder details = JsonObject.builder()
                .put("result", verdict.result().text())
                .put("domain", verdict.domain())
                .put("selector", verdict.selector())
                .put("identity", verdict.identity())
                .put("algorithm", verdict.algorithm())
                .put("reason", verdict.reason())
                .put("key-bits", verdict.keyBits())
                .put("testing", verdict.testing())
                .put("signature", verdict.signature());
        verdict.covered().ifPresent(octets -> details.put("covered", octets));
        return details.build();
    }
}
