package org.posthorn.server.milter;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.protocol.milter.MilterReply;

/** Signs a message with all keys of its domain. */
final class Signing implements MessageTreatment {
    private final DkimSigner signer;
    private final MessageHeader header;
    private final InstantSource clock;
    private final BodyHash bodyHash = new BodyHash(Canonicalization.RELAXED);

    Signing(DkimSigner signer, MessageHeader header, InstantSource clock) {
        this.signer = signer;
        this.header = header;
        this.clock = clock;
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
        bodyHash.update(bytes, offset, length);
    }

    @Override
    public List<MilterReply> finish(Progress progress) {
        String signatures = signer.sign(header.fields(), bodyHash.finish(), clock.instant());
        List<MilterReply> replies = new ArrayList<>();
        // Each goes to the same place, so the first one comes last.
        for (HeaderField field : fields(signatures).reversed()) {
            replies.add(header.insertion(field));
        }
        replies.add(MilterReply.Simple.CONTINUE);
        return replies;
    }

    /** Takes whole fields apart, each with its CRLF. */
    private static List<HeaderField> fields(String text) {
        List<HeaderField> fields = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n", end + 2)) {
            boolean folded = end + 2 < text.length() && (text.charAt(end + 2) == '\t' || text.charAt(end + 2) == ' ');
            if (!folded) {
                fields.add(new HeaderField(text.substring(start, end)));
                start = end + 2;
            }
        }
        return fields;
    }
}
