package org.posthorn.mail.mime;

import java.util.Optional;
import org.posthorn.mail.HeaderLexer;
import org.posthorn.mail.HeaderText;

/**
 * What a part is (RFC 2045 5).
 *
 * @param type such as {@code text}, lower case
 * @param subtype such as {@code plain}, lower case
 */
public record ContentType(String type, String subtype, ParameterList parameters) {
    /** RFC 2045 5.2; without the charset, which the part does not state. */
    public static final ContentType TEXT = new ContentType("text", "plain", ParameterList.NONE);

    /** RFC 2046 5.1.5: the default within multipart/digest. */
    static final ContentType MESSAGE = new ContentType("message", "rfc822", ParameterList.NONE);
    /** A multipart of which nothing else is kept. */
    static final ContentType MIXED = new ContentType("multipart", "mixed", ParameterList.NONE);
    /** What is not looked into. */
    static final ContentType OPAQUE = new ContentType("application", "octet-stream", ParameterList.NONE);

    public ContentType {
        type = HeaderText.lower(type);
        subtype = HeaderText.lower(subtype);
    }

    /** Reads the unfolded value of Content-Type; empty when it makes no sense, and the default applies. */
    public static Optional<ContentType> parse(String value) {
        HeaderLexer in = new HeaderLexer(value);
        in.skipComments();
        String type = in.runUntil("/;=,");
        in.skipComments();
        if (type.isEmpty() || !in.take('/')) {
            return Optional.empty();
        }
        in.skipComments();
        String subtype = in.runUntil(";=,");
        if (subtype.isEmpty()) {
            return Optional.empty();
        }
        in.skipTo(";");
        return Optional.of(new ContentType(type, subtype, ParameterList.parse(in)));
    }

    /** Whether it is this type; both parts in lower case. */
    public boolean is(String otherType, String otherSubtype) {
        return type.equals(otherType) && subtype.equals(otherSubtype);
    }

    public boolean isMultipart() {
        return type.equals("multipart");
    }

    public boolean isText() {
        return type.equals("text");
    }

    /** Whether it holds a message whose structure is looked into (RFC 2046 5.2.1, RFC 6532 3.7). */
    public boolean isMessage() {
        return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
    }

    /** A parameter decoded; the name in lower case. */
    public Optional<String> parameter(String name) {
        return parameters.value(name);
    }

    /** Such as {@code text/plain}. */
    public String mediaType() {
        return type + "/" + subtype;
    }
}
