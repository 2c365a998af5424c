package org.posthorn.cli.check;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What an exception says to people. */
final class ErrorText {
    private ErrorText() {}

    static String of(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": may not be read";
            case IllegalArgumentException bad -> String.valueOf(bad.getMessage());
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
