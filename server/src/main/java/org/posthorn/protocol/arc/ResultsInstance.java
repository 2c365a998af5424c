package org.posthorn.protocol.arc;

import org.posthorn.mail.HeaderLexer;

/**
 * The beginning of ARC-Authentication-Results, {@code i=N;}, where comments may stand between all parts (RFC 8617 4.1.1).
 *
 * @param number 0 where there is none
 * @param end where the results begin, behind the semicolon; 0 where there is no number
 */
record ResultsInstance(int number, int end) {
    private static final ResultsInstance NONE = new ResultsInstance(0, 0);

    static ResultsInstance of(String value) {
        HeaderLexer in = new HeaderLexer(value);
        in.skipComments();
        if (!in.take('i')) {
            return NONE;
        }
        in.skipComments();
        if (!in.take('=')) {
            return NONE;
        }
        in.skipComments();
        int number = ArcField.number(in.runUntil(";"));
        in.skipComments();
        return number > 0 && in.take(';') ? new ResultsInstance(number, in.position()) : NONE;
    }
}
