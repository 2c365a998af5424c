package org.posthorn.mail.mime;

import java.io.IOException;
import java.io.InputStream;
import org.posthorn.mail.MessageContent;

/** Finds the structure of messages. */
public final class MimeStructure {
    /** How deep parts nest, the message itself included; what would be deeper is an opaque part. */
    public static final int MAX_DEPTH = 100;
    /** How many parts a message has; delimiters after that are content. */
    public static final int MAX_PARTS = 10_000;
    /** Longest boundary, octets (RFC 2046 5.1.1 allows 70); a multipart with a longer one is plain text. */
    public static final int MAX_BOUNDARY = 1000;
    /** How much is read of all headers of a message together, octets; parts whose header lies beyond are plain text. */
    public static final int MAX_HEADERS = 4 * 1024 * 1024;

    /**
     * How much text the structure of a message keeps, octets with 32 more for each text and 128 more for each address: what goes
     * beyond is left out of ENVELOPE and BODYSTRUCTURE. Enough for 2,500 recipients or attachments.
     */
    public static final int MAX_TEXT = 512 * 1024;
    /** Longest name of a type, subtype, disposition or encoding, octets (RFC 6838 4.2). */
    public static final int MAX_NAME = 127;

    private MimeStructure() {}

    /**
     * The structure of a message, in one pass and with memory that does not depend on its size.
     *
     * @throws IOException the content cannot be read; its bytes are never the reason
     */
    public static MimePart parse(MessageContent content) throws IOException {
        try (InputStream in = content.open()) {
            return new StructureParser(content.size()).parse(in);
        }
    }
}
