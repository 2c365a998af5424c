package org.posthorn.mail.mime;

import org.posthorn.mail.HeaderText;

/**
 * A parameter of Content-Type or Content-Disposition.
 *
 * @param name in lower case; it ends in {@code *} where the value is encoded (RFC 2231 4)
 * @param value without quotes, continuations joined (RFC 2231 3), otherwise as it stands there
 */
public record Parameter(String name, String value) {
    public Parameter {
        name = HeaderText.lower(name);
    }
}
