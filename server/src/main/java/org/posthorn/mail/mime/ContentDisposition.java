package org.posthorn.mail.mime;

import java.util.Optional;
import org.posthorn.mail.HeaderLexer;
import org.posthorn.mail.HeaderText;

/**
 * How a part wants to be shown (RFC 2183).
 *
 * @param type such as {@code attachment}, lower case
 */
public record ContentDisposition(String type, ParameterList parameters) {
    public ContentDisposition {
        type = HeaderText.lower(type);
    }

    /** Reads the unfolded value of Content-Disposition; empty when it names none. */
    public static Optional<ContentDisposition> parse(String value) {
        HeaderLexer in = new HeaderLexer(value);
        in.skipComments();
        String type = in.peek() == '"' ? in.quotedString() : in.runUntil(";=,");
        if (type.isEmpty()) {
            return Optional.empty();
        }
        in.skipTo(";");
        return Optional.of(new ContentDisposition(type, ParameterList.parse(in)));
    }

    /** The name of the file, decoded. */
    public Optional<String> filename() {
        return parameters.value("filename");
    }
}
