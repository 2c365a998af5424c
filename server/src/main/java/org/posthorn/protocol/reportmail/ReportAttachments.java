package org.posthorn.protocol.reportmail;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;
import org.posthorn.mail.mime.PartContent;

/** The reports that a mail carries. */
public final class ReportAttachments {
    /** Parts that are looked at. */
    static final int MAX_PARTS = 50;

    private static final int SNIFFED = 256;

    private ReportAttachments() {}

    /**
     * Unpacks the reports of a message; texts for people are passed over.
     *
     * @return none when there is no attachment that could be one
     * @throws UnreadableAttachmentException one that looks like a report cannot be unpacked
     * @throws IOException the message cannot be read
     */
    public static List<ReportDocument> of(MessageContent message) throws IOException {
        List<MimePart> leaves = new ArrayList<>();
        collect(MimeStructure.parse(message), leaves);
        List<ReportDocument> documents = new ArrayList<>();
        for (MimePart leaf : leaves) {
            documents.addAll(documents(message, leaf));
        }
        return documents;
    }

    private static void collect(MimePart part, List<MimePart> leaves) {
        // a message in the message may be a report that somebody forwards
        for (MimePart child : part.children()) {
            collect(child, leaves);
        }
        boolean text = part.type().is("text", "plain") || part.type().is("text", "html");
        if (part.children().isEmpty()
                && leaves.size() < MAX_PARTS
                && !(text && part.disposition().isEmpty())) {
            leaves.add(part);
        }
    }

    private static List<ReportDocument> documents(MessageContent message, MimePart part) throws IOException {
        try (InputStream in = PartContent.bytes(message, part)) {
            byte[] start = in.readNBytes(SNIFFED);
            // a stylesheet, a page or a picture that somebody attached is no reason to look further
            if (!Unpacker.mayHoldReport(start) || part.type().is("text", "html")) {
                return List.of();
            }
            byte[] rest = in.readNBytes(Unpacker.MAX_PACKED + 1 - start.length);
            byte[] whole = new byte[start.length + rest.length];
            System.arraycopy(start, 0, whole, 0, start.length);
            System.arraycopy(rest, 0, whole, start.length, rest.length);
            return Unpacker.unpack(whole);
        }
    }
}
