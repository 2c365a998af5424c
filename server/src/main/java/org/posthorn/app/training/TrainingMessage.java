package org.posthorn.app.training;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.intake.authentication.MessageAuthentication;
import org.posthorn.intake.authentication.MessageAuthenticator;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.arc.ArcSealer;
import org.posthorn.protocol.arc.ArcVerifier;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.protocol.dkim.DkimSigner;

/**
 * A signed and sealed message, judged as mail from the world is, for the {@link TrainingRun}: its own mail comes from loopback and is not
 * judged, and there is no DNS to ask while the program is built.
 */
final class TrainingMessage {
    private static final String HOST = "localhost";
    private static final String FROM = "bob@example.org";

    private final MessageAuthenticator authenticator;
    private final List<HeaderField> header;
    private final byte[] body;

    private TrainingMessage(MessageAuthenticator authenticator, List<HeaderField> header, byte[] body) {
        this.authenticator = authenticator;
        this.header = header;
        this.body = body;
    }

    /** Made once, with a key of its own. */
    static TrainingMessage make(String text, InstantSource clock) {
        KeyPair pair = DkimKeyRecord.generate(DkimAlgorithm.RSA_SHA256);
        DkimKey key = new DkimKey("s", pair.getPrivate());
        Domain domain = Domain.parse("example.org");
        ZoneResolver zone = new ZoneResolver()
                .withTxt("example.org", "v=spf1 mx -all")
                .withMx("example.org", 10, "mx.example.org")
                .withAddress("mx.example.org", "192.0.2.1")
                .withPtr("192.0.2.1", "mx.example.org")
                .withTxt("_dmarc.example.org", "v=DMARC1; p=reject")
                .withTxt("s._domainkey.example.org", DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, pair.getPublic()));
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(body, 0, body.length);
        String bodyHash = hash.finish();
        List<HeaderField> fields = new ArrayList<>(
                List.of(new HeaderField("From: <" + FROM + ">"), new HeaderField("Subject: rehearsal")));
        fields.addAll(0, fields(new DkimSigner(domain, List.of(key)).sign(fields, bodyHash, clock.instant())));
        fields.addAll(
                0,
                fields(new ArcSealer(domain, key)
                        .seal(
                                fields,
                                new ArcVerifier(zone).begin(fields).finish(clock.instant()),
                                HOST + "; none",
                                bodyHash,
                                clock.instant())
                        .orElseThrow()));
        return new TrainingMessage(
                new MessageAuthenticator(zone, HOST, Duration.ofSeconds(5), false, clock), List.copyOf(fields), body);
    }

    private static List<HeaderField> fields(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        HeaderScanner scanner = new HeaderScanner(bytes.length);
        int taken = scanner.feed(bytes, 0, bytes.length);
        if (taken < bytes.length) {
            throw new IllegalStateException("not a header: " + text);
        }
        return scanner.scanned().fields();
    }

    /** Judges it from the beginning. */
    Authentication judge() {
        MessageAuthentication message = authenticator.begin(
                InetAddress.ofLiteral("192.0.2.1"), "mx.example.org", Optional.of(Address.parse(FROM)));
        message.header(header);
        message.body(body, 0, body.length);
        return message.finish();
    }

    /** The field that would stand above it. */
    String results() {
        return new AuthenticationResults(HOST, judge().results()).text();
    }
}
