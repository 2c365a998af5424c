package org.posthorn.cli.verdict;

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
final class DkimSignJudge implements Judge {
    @Override
    public Verdict judge(JsonObject question, Resolver resolver, Instant now) throws IOException {
        SigningKey key = SigningKey.of(question);
        MessageText message = MessageText.of(question);
        DkimSigner signer = new DkimSigner(key.domain(), List.of(key.key()));
        return SigningKey.answer(message, signer.sign(message.fields(), bodyHash(message, signer.bodyForm()), now));
    }

    static String bodyHash(MessageText message, Canonicalization form) {
        BodyHashes hashes = new BodyHashes();
        hashes.want(form, OptionalLong.empty());
        message.feed(hashes);
        hashes.finish();
        return hashes.of(form, OptionalLong.empty()).orElseThrow().base64();
    }
}
