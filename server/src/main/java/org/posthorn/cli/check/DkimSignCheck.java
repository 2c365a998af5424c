package org.posthorn.cli.check;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.posthorn.dns.Resolver;
import org.posthorn.json.JsonObject;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimSigner;

/** {@code posthorn dkim sign}. */
final class DkimSignCheck implements Check {
    @Override
    public CheckResult check(JsonObject question, Resolver resolver, Instant now) throws IOException {
        SigningKey key = SigningKey.of(question);
        DkimSigner signer = new DkimSigner(key.domain(), List.of(key.key()));
        try (MessageInput message = MessageInput.of(question)) {
            String bodyHash = bodyHash(message, signer.bodyForm());
            return SigningKey.answer(message, signer.sign(message.fields(), bodyHash, now));
        }
    }

    private static String bodyHash(MessageInput message, Canonicalization form) throws IOException {
        BodyHashes hashes = new BodyHashes();
        hashes.want(form, OptionalLong.empty());
        message.feed(hashes);
        hashes.finish();
        return hashes.of(form, OptionalLong.empty()).orElseThrow().base64();
    }
}
