package org.posthorn.fuzz;

import org.posthorn.dns.ForgedAnswers;

/** Bytes of a server as the answer to each kind of question: an answer always, an exception never. */
public final class DnsAnswerFuzz {
    private DnsAnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ForgedAnswers.ask(input);
    }
}
