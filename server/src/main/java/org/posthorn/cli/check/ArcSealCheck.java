package org.posthorn.cli.check;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.dns.Resolver;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.arc.ArcSealer;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.Canonicalization;

/** {@code posthorn arc seal}. */
final class ArcSealCheck implements Check {
    @Override
    public CheckResult check(JsonObject question, Resolver resolver, Instant now) throws IOException {
        SigningKey key = SigningKey.of(question);
        try (MessageInput message = MessageInput.of(question)) {
            BodyHashes hashes = new BodyHashes();
            hashes.want(Canonicalization.RELAXED, OptionalLong.empty());
            ArcVerdict chain = ArcVerifyCheck.verify(message, hashes, resolver, now);
            String results = question.text("results")
                    .or(() -> newestResults(message))
                    .orElse(key.domain() + "; arc=" + chain.result().text());
            String bodyHash = hashes.of(Canonicalization.RELAXED, OptionalLong.empty())
                    .orElseThrow()
                    .base64();
            Optional<String> fields = new ArcSealer(key.domain(), key.key())
                    .seal(message.fields(), chain, written(results), bodyHash, now);
            return SigningKey.answer(
                    message,
                    fields.orElseThrow(() -> new IllegalArgumentException(
                            "nothing is added to this chain: it is sealed as failed already, or full")));
        }
    }

    /** In one line, so that it cannot bring fields of its own. */
    private static String written(String results) {
        String line = results.replaceAll("\\r?\\n(?=[ \\t])", "").strip();
        if (line.isEmpty() || !line.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t')) {
            throw new IllegalArgumentException("results must be one line of ASCII, as in Authentication-Results");
        }
        return line;
    }

    private static Optional<String> newestResults(MessageInput message) {
        return message.fields().stream()
                .filter(field -> field.is("Authentication-Results"))
                .findFirst()
                .map(HeaderField::unfolded);
    }
}
