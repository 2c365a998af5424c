package org.posthorn.protocol.arc;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;

/** A message in parts, for tests. */
final class ArcMessage {
    private final List<HeaderField> fields;
    private final byte[] body;

    private ArcMessage(List<HeaderField> fields, byte[] body) {
        this.fields = fields;
        this.body = body;
    }

    List<HeaderField> fields() {
        return fields;
    }

    byte[] body() {
        return body.clone();
    }

    /** Lines may end in LF. */
    static ArcMessage of(String text) {
        byte[] message = text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        HeaderScanner scanner = new HeaderScanner(1 << 22);
        int taken = scanner.feed(message, 0, message.length);
        int start = scanner.isComplete() ? taken : message.length;
        byte[] body = Arrays.copyOfRange(message, start, message.length);
        return new ArcMessage(scanner.scanned().fields(), body);
    }

    ArcVerdict verify(Resolver dns, Instant now) {
        ArcVerifier.Verification verification = new ArcVerifier(dns).begin(fields);
        for (int i = 0; i < body.length; i += 7) {
            verification.body(body, i, Math.min(7, body.length - i));
        }
        return verification.finish(now);
    }

    String bodyHash() {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(body, 0, body.length);
        return hash.finish();
    }
}
