package org.posthorn.mail.mime;

import java.util.List;
import java.util.Optional;

/**
 * A part of a message, or the message itself, as ranges of the message's bytes.
 *
 * <p>A multipart's children are its parts. A {@code message/rfc822} part has exactly one child: the message in it, whose
 * {@link #header} and {@link #body} lie in the part's body. All others have none; nor has a multipart in which no delimiter was found,
 * for which IMAP has to show one empty text part.
 *
 * <p>Texts are the octets of the header, one char for each (ISO 8859-1), unfolded. A text that finds no room within
 * {@link MimeStructure#MAX_TEXT} is left out, and lists of addresses and parameters end where the room does.
 *
 * @param type what it is; where the header states none, the default
 * @param header its own header with the empty line after it, where there is one
 * @param body its content, still encoded; without the line end that belongs to the delimiter (RFC 2046 5.1.1)
 * @param lines LFs in the body
 * @param encoding the transfer encoding in lower case, {@code 7bit} where none is stated (RFC 2045 6.1)
 * @param languages the tags of Content-Language (RFC 3282)
 * @param location Content-Location (RFC 2557)
 * @param id Content-ID with its angle brackets
 * @param description Content-Description, with encoded words as they stand there
 * @param md5 Content-MD5 (RFC 1864)
 * @param summary what the header says, if this is a message and not merely a part
 */
public record MimePart(
        ContentType type,
        ByteRange header,
        ByteRange body,
        long lines,
        String encoding,
        Optional<ContentDisposition> disposition,
        List<String> languages,
        Optional<String> location,
        Optional<String> id,
        Optional<String> description,
        Optional<String> md5,
        Optional<HeaderSummary> summary,
        List<MimePart> children) {
    private static final long PART_WEIGHT = 512;

    public MimePart {
        languages = List.copyOf(languages);
        children = List.copyOf(children);
        boolean possible = type.isMultipart() || children.size() == (type.isMessage() ? 1 : 0);
        if (!possible) {
            throw new IllegalArgumentException(type.mediaType() + " with " + children.size() + " parts");
        }
    }

    public boolean isMultipart() {
        return type.isMultipart();
    }

    /** The message in a {@code message/rfc822} part. */
    public Optional<MimePart> message() {
        return type.isMessage() ? Optional.of(children.getFirst()) : Optional.empty();
    }

    /** Header and body. */
    public ByteRange whole() {
        return ByteRange.between(header.start(), body.end());
    }

    /**
     * A part of this message by its number (RFC 3501 6.4.5): each level counts from 1, and the only part of a message that is not
     * multipart has the number 1. {@code BODY[1.2]} is the {@link #body} of {@code find(List.of(1, 2))}, {@code BODY[1.2.MIME]} its
     * {@link #header}; {@code BODY[1.2.HEADER]} and {@code BODY[1.2.TEXT]} are header and body of its {@link #message}.
     *
     * @return empty when there is no such part; this message for an empty list
     */
    public Optional<MimePart> find(List<Integer> number) {
        MimePart part = this;
        MimePart message = this;
        for (int i = 0; i < number.size(); i++) {
            int n = number.get(i);
            if (i > 0) {
                // the number after that of a message counts within it
                message = part.message().orElse(part);
            }
            if (message.isMultipart()) {
                if (n < 1 || n > message.children.size()) {
                    return Optional.empty();
                }
                part = message.children.get(n - 1);
            } else if (n == 1 && (i == 0 || part.type.isMessage())) {
                part = message;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(part);
    }

    /** About how much memory it takes together with its form in IMAP, octets. */
    public long weight() {
        long own = PART_WEIGHT
                + type.parameters().weight()
                + disposition
                        .map(ContentDisposition::parameters)
                        .map(ParameterList::weight)
                        .orElse(0L)
                + summary.map(HeaderSummary::weight).orElse(0L);
        for (Optional<String> text : List.of(location, id, description, md5)) {
            own += 2L * text.orElse("").length();
        }
        for (String language : languages) {
            own += PART_WEIGHT / 4 + 2L * language.length();
        }
        return own + children.stream().mapToLong(MimePart::weight).sum();
    }

    /** A compact form for the index; see {@link #decode}. */
    public byte[] encode() {
        return MimePartCodec.encode(this);
    }

    /**
     * Reads what {@link #encode} gave.
     *
     * @throws MimeFormatException for bytes of an older version or damaged ones: parse the message again
     */
    public static MimePart decode(byte[] bytes) {
        return MimePartCodec.decode(bytes);
    }
}
