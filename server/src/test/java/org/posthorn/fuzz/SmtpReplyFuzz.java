package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.protocol.smtp.ReplyParser;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.protocol.smtp.SmtpSyntaxException;

/** Replies of servers, line by line; what was read can be written and logged on one line. */
public final class SmtpReplyFuzz {
    private SmtpReplyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ReplyParser parser = new ReplyParser();
        try {
            for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\n", -1)) {
                if (parser.add(line)) {
                    check(parser.reply());
                    return;
                }
            }
        } catch (SmtpSyntaxException e) {
            // The client ends the connection.
        }
    }

    private static void check(SmtpReply reply) {
        if (reply.toString().chars().anyMatch(Character::isISOControl)) {
            throw new IllegalStateException("control character in " + reply);
        }
    }
}
