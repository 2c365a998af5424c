package org.posthorn.server.imap;

import java.io.IOException;
import org.posthorn.mailbox.MailboxException;

/**
 * How a command ends: the tagged response (RFC 3501 7.1).
 *
 * @param code the response code without brackets, "" for none
 */
record Reply(Status status, String code, String text) {
    enum Status {
        OK,
        NO,
        BAD
    }

    static Reply ok(String text) {
        return new Reply(Status.OK, "", text);
    }

    static Reply ok(String code, String text) {
        return new Reply(Status.OK, code, text);
    }

    static Reply no(String code, String text) {
        return new Reply(Status.NO, code, text);
    }

    static Reply bad(String text) {
        return new Reply(Status.BAD, "", text);
    }

    /** The response codes of RFC 5530, and HASCHILDREN of RFC 9051. */
    static Reply of(MailboxException failure) {
        String code = switch (failure.reason()) {
            case NONEXISTENT -> "NONEXISTENT";
            case ALREADY_EXISTS -> "ALREADYEXISTS";
            case CANNOT -> "CANNOT";
            case HAS_CHILDREN -> "HASCHILDREN";
            case LIMIT -> "LIMIT";
            case OVER_QUOTA -> "OVERQUOTA";
            case READ_ONLY -> "NOPERM";
        };
        return no(code, String.valueOf(failure.getMessage()));
    }

    /** As {@link #of}, for a target that the client could create first (RFC 3501 6.3.11, 6.4.7). */
    static Reply ofTarget(MailboxException failure) {
        return failure.reason() == MailboxException.Reason.NONEXISTENT
                ? no("TRYCREATE", String.valueOf(failure.getMessage()))
                : of(failure);
    }

    /** For a failure that the server's log tells: RFC 5530 has OVERQUOTA where there is no room, SERVERBUG for all else. */
    static Reply failed(IOException cause, String text) {
        return MailboxException.isNoRoom(cause) ? no("OVERQUOTA", "No room on the disk") : no("SERVERBUG", text);
    }

    static Reply readOnly() {
        return no("READ-ONLY", "Mailbox is read-only");
    }

    String line(String tag) {
        // Text of ours or of a store's complaint: no line end may get into the response.
        String safe = text.replace('\r', ' ').replace('\n', ' ');
        return tag + ' ' + status + ' ' + (code.isEmpty() ? "" : '[' + code + "] ") + safe;
    }
}
