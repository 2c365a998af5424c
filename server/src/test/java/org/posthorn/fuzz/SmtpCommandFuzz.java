package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.protocol.smtp.SmtpCommand;
import org.posthorn.protocol.smtp.SmtpCommandParser;
import org.posthorn.protocol.smtp.SmtpSyntaxException;

/** Lines as commands: either a command or a refusal that fits on the wire. */
public final class SmtpCommandFuzz {
    private SmtpCommandFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
            try {
                SmtpCommand command = SmtpCommandParser.parse(line);
                if (command instanceof SmtpCommand.Mail mail) {
                    mail.sender().ifPresent(SmtpCommandFuzz::survivesTheWire);
                } else if (command instanceof SmtpCommand.Rcpt rcpt) {
                    rcpt.recipient().ifPresent(SmtpCommandFuzz::survivesTheWire);
                }
            } catch (SmtpSyntaxException e) {
                String wire = e.reply().wire();
                if (wire.indexOf('\n') != wire.length() - 1) {
                    throw new IllegalStateException("refusal of several lines: " + wire);
                }
            }
        }
    }

    /** What we pass on to the next server must be what we understood. */
    private static void survivesTheWire(org.posthorn.mail.Address address) {
        String line = "RCPT TO:<" + address + ">";
        String octets = new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        SmtpCommand.Rcpt again = (SmtpCommand.Rcpt) SmtpCommandParser.parse(octets);
        if (!again.recipient().orElseThrow().equals(address)) {
            throw new IllegalStateException("changed on the way: " + address);
        }
    }
}
