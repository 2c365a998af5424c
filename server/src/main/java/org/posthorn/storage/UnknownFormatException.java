package org.posthorn.storage;

import java.io.IOException;

/** Something on disk is of a version that this build does not know. It is left as it is; the message says what, and what to do. */
public final class UnknownFormatException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param what the file, and what is unknown in it */
    public UnknownFormatException(String what) {
        super(what + ": written by another release of Posthorn, which this one cannot read. Nothing was changed;"
                + " start the release that wrote it, or a newer one");
    }
}
