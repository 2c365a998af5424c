package org.posthorn.cli.verdict;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.posthorn.dns.Resolver;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.arc.ArcSealer;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.dkim.Canonicalization;

/** {@code posthorn arc seal}. */
final class ArcSealJudge implements Judge {
    @Override
    public Verdict judge(JsonObject question, Resolver resolver, Instant now) throws IOException {
        SigningKey key = SigningKey.of(question);
        MessageText message = MessageText.of(question);
        ArcVerdict chain = ArcVerifyJudge.verify(message, resolver, now);
        String results = question.text("results")
                .or(() -> newestResults(message))
                .orElse(key.domain() + "; arc=" + chain.result().text());
        Optional<String> fields = new ArcSealer(key.domain(), key.key())
                .seal(message.fields(), chain, results, DkimSignJudge.bodyHash(message, Canonicalization.RELAXED), now);
        return SigningKey.answer(
                message,
                fields.orElseThrow(() -> new IllegalArgumentException(
                        "nothing is added to this chain: it is sealed as failed already, or full")));
    }

    private static Optional<String> newestResults(MessageText message) {
        return message.fields().stream()
                .filter(field -> field.is("Authentication-Results"))
                .findFirst()
                .map(HeaderField::unfolded);
    }
}
