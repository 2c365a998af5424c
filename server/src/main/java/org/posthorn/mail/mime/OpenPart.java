package org.posthorn.mail.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.HeaderLexer;
import org.posthorn.mail.HeaderText;
import org.posthorn.mail.Headers;

/** A part whose end has not been seen. */
final class OpenPart {
    private static final byte[] NO_BOUNDARY = {};

    private final long start;
    private final boolean isMessage;
    private ContentType type;
    private byte[] boundary = NO_BOUNDARY;
    private boolean closeSeen;
    private long bodyStart;
    private long linesBefore;
    private String encoding = "7bit";
    private Optional<ContentDisposition> disposition = Optional.empty();
    private List<String> languages = List.of();
    private Optional<String> location = Optional.empty();
    private Optional<String> id = Optional.empty();
    private Optional<String> description = Optional.empty();
    private Optional<String> md5 = Optional.empty();
    private Optional<HeaderSummary> summary = Optional.empty();
    private final List<MimePart> children = new ArrayList<>();

    OpenPart(long start, boolean isMessage, ContentType defaultType) {
        this.start = start;
        this.isMessage = isMessage;
        this.type = defaultType;
    }

    ContentType type() {
        return type;
    }

    /** Whether delimiters of this part are to be looked for. */
    boolean hasDelimiter() {
        return boundary.length > 0 && !closeSeen;
    }

    /** Where the boundary ends if it stands here, or -1. */
    int afterBoundary(byte[] bytes, int from, int to) {
        int after = from + boundary.length;
        boolean there = after <= to && Arrays.equals(boundary, 0, boundary.length, bytes, from, after);
        return there ? after : -1;
    }

    boolean isBase64() {
        return encoding.equals("base64");
    }

    /** Where the part ends if a delimiter starts there, which may follow its header at once. */
    long endAt(long end) {
        return Math.max(end, bodyStart);
    }

    /**
     * Whether the part has neither fields nor content: after the delimiter before it came only what ends all, so that this delimiter
     * was meant to be the last.
     */
    boolean isNothing(long end) {
        return !isMessage && endAt(end) == bodyStart && bodyStart - start <= 2;
    }

    /** What follows is the epilogue. */
    void closeDelimiter() {
        closeSeen = true;
    }

    /** RFC 2046 5.1.5. */
    ContentType defaultOfParts() {
        return type.subtype().equals("digest") ? ContentType.MESSAGE : ContentType.TEXT;
    }

    void startBody(long bodyStart, long linesBefore) {
        this.bodyStart = bodyStart;
        this.linesBefore = linesBefore;
    }

    void add(MimePart child) {
        children.add(child);
    }

    void readHeader(Headers headers, boolean mayNest, TextAllowance allowance) {
        type = octets(headers, "Content-Type").flatMap(ContentType::parse).orElse(type);
        if (type.isMultipart()) {
            boundary = boundary(type);
            if (boundary.length == 0) {
                // RFC 2045 5.2: a Content-Type that makes no sense is plain text
                type = ContentType.TEXT;
            }
        }
        if (!mayNest && (type.isMultipart() || type.isMessage())) {
            type = ContentType.OPAQUE;
            boundary = NO_BOUNDARY;
        }
        type = allowance.keep(type);
        encoding = octets(headers, "Content-Transfer-Encoding")
                .map(OpenPart::firstWord)
                .filter(word -> !word.isEmpty())
                .map(allowance::keepEncoding)
                .orElse("7bit");
        disposition = octets(headers, "Content-Disposition")
                .flatMap(ContentDisposition::parse)
                .flatMap(allowance::keep);
        languages = allowance.keepAll(
                octets(headers, "Content-Language").map(OpenPart::languages).orElse(List.of()));
        location = allowance.keep(octets(headers, "Content-Location"));
        id = allowance.keep(octets(headers, "Content-ID"));
        description = allowance.keep(octets(headers, "Content-Description"));
        md5 = allowance.keep(octets(headers, "Content-MD5"));
        summary = isMessage ? Optional.of(HeaderSummary.of(headers, allowance)) : Optional.empty();
    }

    private static Optional<String> octets(Headers headers, String name) {
        return headers.first(name).map(FieldView::octets);
    }

    MimePart close(long end, long lines) {
        return new MimePart(
                type,
                ByteRange.between(start, bodyStart),
                ByteRange.between(bodyStart, endAt(end)),
                Math.max(0, lines - linesBefore),
                encoding,
                disposition,
                languages,
                location,
                id,
                description,
                md5,
                summary,
                children);
    }

    private static byte[] boundary(ContentType type) {
        return type.parameter("boundary")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .filter(bytes -> bytes.length <= MimeStructure.MAX_BOUNDARY)
                .orElse(NO_BOUNDARY);
    }

    /** RFC 2045 6.1, without comments and what else stands there. */
    private static String firstWord(String value) {
        var in = new HeaderLexer(value);
        in.skipComments();
        String word = in.peek() == '"' ? in.quotedString() : in.runUntil(";,");
        return HeaderText.lower(word);
    }

    /** RFC 3282 2. */
    private static List<String> languages(String value) {
        var in = new HeaderLexer(value);
        List<String> tags = new ArrayList<>();
        in.skipComments();
        while (!in.atEnd() && tags.size() < ParameterList.MAX_PARAMETERS) {
            String tag = in.runUntil(",;");
            if (tag.isEmpty()) {
                in.next();
            } else {
                tags.add(tag);
            }
            in.skipComments();
        }
        return tags;
    }
}
