package org.posthorn.protocol.dsn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;
import org.posthorn.mail.mime.PartContent;

/**
 * Recognises bounces, complaints and automatic answers. Standard ones by their parts (RFC 6522, RFC 3464, RFC 5965), all others by
 * the {@link BounceSigns} that their software leaves. Every sequence of bytes is some message; only what the message itself says is
 * looked at, not what it quotes or forwards.
 */
public final class AutomaticMailParser {
    /** Octets of status fields that are read. */
    static final int MAX_FIELDS = 256 << 10;
    /** Octets of text in which signs are looked for. */
    static final int MAX_TEXT = 32 << 10;
    /** How deep multiparts are looked into. */
    private static final int MAX_DEPTH = 5;

    private AutomaticMailParser() {}

    /**
     * What a message is.
     *
     * @throws IOException it cannot be read
     */
    public static AutomaticMail parse(MessageContent message) throws IOException {
        MimePart root = MimeStructure.parse(message);
        Optional<MimePart> status = find(root, 0, "delivery-status");
        if (status.isEmpty()) {
            // RFC 6533 3
            status = find(root, 0, "global-delivery-status");
        }
        if (status.isPresent()) {
            AutomaticMail.Bounce bounce = StatusReader.read(bytes(message, status.get(), MAX_FIELDS));
            // RFC 3464 2.1 demands a recipient; where a vendor leaves it out, its text may still name one.
            return bounce.recipients().isEmpty()
                    ? new AutomaticMail.Bounce(
                            true, bounce.reportingMta(), signs(message, root).recipients())
                    : bounce;
        }
        if (find(root, 0, "feedback-report").isPresent()) {
            return new AutomaticMail.Complaint();
        }
        return signs(message, root).judge();
    }

    private static BounceSigns signs(MessageContent message, MimePart root) throws IOException {
        Headers header =
                Headers.read(message, root.header().start(), root.header().length());
        return new BounceSigns(header, root.type(), text(message, root));
    }

    private static Optional<MimePart> find(MimePart part, int depth, String subtype) {
        if (part.type().is("message", subtype)) {
            return Optional.of(part);
        }
        if (!part.isMultipart() || depth == MAX_DEPTH) {
            return Optional.empty();
        }
        for (MimePart child : part.children()) {
            Optional<MimePart> found = find(child, depth + 1, subtype);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static byte[] bytes(MessageContent message, MimePart part, int limit) throws IOException {
        try (InputStream in = PartContent.bytes(message, part)) {
            return in.readNBytes(limit);
        }
    }

    /** The beginning of the first text of the message itself; where there is none, of its body. */
    private static String text(MessageContent message, MimePart root) throws IOException {
        List<MimePart> texts = new ArrayList<>();
        collectTexts(root, 0, texts);
        MimePart part = texts.isEmpty() ? root : texts.getFirst();
        try (InputStream in = PartContent.bytes(message, part)) {
            // the signs are in ASCII
            return new String(in.readNBytes(MAX_TEXT), StandardCharsets.ISO_8859_1);
        }
    }

    private static void collectTexts(MimePart part, int depth, List<MimePart> texts) {
        if (part.type().isText()) {
            texts.add(part);
        } else if (part.isMultipart() && depth < MAX_DEPTH) {
            part.children().forEach(child -> collectTexts(child, depth + 1, texts));
        }
    }
}
