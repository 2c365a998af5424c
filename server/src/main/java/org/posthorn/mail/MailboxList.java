package org.posthorn.mail;

/**
 * Whether a From field is a mailbox-list or an address-list at all (RFC 5322 3.4, 3.6.2; RFC 6854). Where it is none, readers make
 * different authors of it.
 *
 * <p>Obsolete forms are well formed (RFC 5322 4.4), raw UTF-8 too (RFC 6532). A display name may hold what should be quoted there, an at
 * sign too: {@code name@x <b@y>} is common, and all readers take it for b@y. Used once.
 */
public final class MailboxList {
    private static final String NO_ATOM = "()<>[]:;@\\,.\"";
    /** What ends a display name. */
    private static final String NO_PHRASE = "<>:;,";

    private final String text;
    private int at;
    private boolean bad;

    private MailboxList(String text) {
        this.text = text;
    }

    /** Looks at an unfolded value; linear in its length. */
    public static boolean isWellFormed(String value) {
        var list = new MailboxList(value);
        list.entries(true);
        return !list.bad && list.at == value.length();
    }

    private void entries(boolean groups) {
        do {
            skipComments();
            if (at < text.length() && ",;".indexOf(text.charAt(at)) < 0) {
                entry(groups);
            }
            skipComments();
        } while (!bad && take(','));
    }

    private void entry(boolean groups) {
        int start = at;
        skipPhrase();
        if (at < text.length() && text.charAt(at) == '<') {
            at++;
            angle();
        } else if (at < text.length() && text.charAt(at) == ':') {
            int colon = at;
            bad |= !groups || text.substring(start, colon).indexOf('@') >= 0 || colon == start;
            at++;
            entries(false);
            bad |= !take(';');
        } else {
            at = start;
            address();
        }
    }

    private void angle() {
        skipComments();
        if (at < text.length() && (text.charAt(at) == '@' || text.charAt(at) == ',')) {
            // RFC 5322 4.4 obs-route
            while (!bad && !take(':')) {
                if (!take(',')) {
                    bad |= !take('@');
                    domain();
                }
                skipComments();
            }
        }
        address();
        skipComments();
        bad |= !take('>');
    }

    private void address() {
        do {
            skipComments();
            word();
            skipComments();
        } while (!bad && take('.'));
        bad |= !take('@');
        domain();
    }

    private void domain() {
        skipComments();
        if (take('[')) {
            int end = text.indexOf(']', at);
            bad |= end < 0;
            at = end < 0 ? text.length() : end + 1;
            return;
        }
        do {
            skipComments();
            atom();
            skipComments();
        } while (!bad && take('.'));
    }

    private void word() {
        if (at < text.length() && text.charAt(at) == '"') {
            quoted();
        } else {
            atom();
        }
    }

    private void atom() {
        int start = at;
        while (at < text.length() && text.charAt(at) > ' ' && NO_ATOM.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        bad |= at == start;
    }

    private void skipPhrase() {
        while (!bad && at < text.length() && NO_PHRASE.indexOf(text.charAt(at)) < 0) {
            switch (text.charAt(at)) {
                case '"' -> quoted();
                case '(' -> skipComments();
                default -> at++;
            }
        }
    }

    private void quoted() {
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        bad |= at >= text.length();
        at = Math.min(text.length(), at + 1);
    }

    private void skipComments() {
        int depth = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '(') {
                depth++;
            } else if (depth > 0 && c == '\\') {
                at++;
            } else if (depth > 0 && c == ')') {
                depth--;
            } else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                break;
            }
        }
        bad |= depth > 0;
        at = Math.min(at, text.length());
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
