package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.protocol.imap.ImapSyntaxException;
import org.posthorn.protocol.imap.RequestAssembler;
import org.posthorn.protocol.imap.RequestAssembler.Step;
import org.posthorn.protocol.imap.RequestParser;

/** Requests cut into lines and literals as the session would, then parsed. */
public final class ImapCommandFuzz {
    private ImapCommandFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        RequestAssembler assembler = new RequestAssembler();
        int at = 0;
        while (at <= text.length()) {
            int end = text.indexOf("\r\n", at);
            String line = text.substring(at, end < 0 ? text.length() : end);
            at = end < 0 ? text.length() : end + 2;
            switch (assembler.line(line)) {
                case Step.Complete complete -> {
                    parse(complete.request());
                    return;
                }
                case Step.Message message -> {
                    parse(message.request());
                    return;
                }
                case Step.TooLarge large -> {
                    String ignored = RequestAssembler.tagOf(large.request()) + RequestAssembler.verbOf(large.request());
                    return;
                }
                case Step.Literal literal -> {
                    int until = Math.min(text.length(), at + literal.size());
                    assembler.literal(text.substring(at, until));
                    at = until;
                }
            }
        }
    }

    private static void parse(String request) {
        String ignored = RequestAssembler.tagOf(request) + RequestAssembler.verbOf(request);
        try {
            RequestParser.parse(request);
        } catch (ImapSyntaxException e) {
            // The session answers BAD.
        }
    }
}
