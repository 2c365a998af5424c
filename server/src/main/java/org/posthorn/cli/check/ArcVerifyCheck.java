package org.posthorn.cli.check;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.dns.Resolver;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.arc.ArcVerifier;
import org.posthorn.protocol.dkim.BodyHashes;

/** {@code posthorn arc verify}. */
final class ArcVerifyCheck implements Check {
    @Override
    public CheckResult check(JsonObject question, Resolver resolver, Instant now) throws IOException {
        ArcVerdict verdict;
        try (MessageInput message = MessageInput.of(question)) {
            verdict = verify(message, new BodyHashes(), resolver, now);
        }
        List<String> lines = new ArrayList<>();
        if (!verdict.reason().isEmpty()) {
            lines.add(verdict.reason());
        }
        if (!verdict.sets().isEmpty()) {
            lines.add("sealed by " + String.join(", then ", verdict.sealers()));
        }
        if (verdict.oldestPass() > 0) {
            lines.add("the message is unchanged since set " + verdict.oldestPass() + " of " + verdict.highest());
        }
        JsonObject details = JsonObject.builder()
                .put("result", verdict.result().text())
                .put("reason", verdict.reason())
                .put("sets", verdict.highest())
                .put("sealers", JsonArray.ofTexts(verdict.sealers()))
                .put("oldest-pass", verdict.oldestPass())
                .put("closed", verdict.closed())
                .build();
        return new CheckResult(verdict.result().text(), lines, details);
    }

    /** @param hashes finished afterwards; others may have asked for hashes of their own */
    static ArcVerdict verify(MessageInput message, BodyHashes hashes, Resolver resolver, Instant now)
            throws IOException {
        ArcVerifier.Verification verification = new ArcVerifier(resolver).begin(message.fields(), hashes);
        message.feed(hashes);
        return verification.finish(now);
    }
}
