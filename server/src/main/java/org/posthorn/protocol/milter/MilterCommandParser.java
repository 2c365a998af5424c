package org.posthorn.protocol.milter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the commands of an MTA, all but those that carry the body. */
public final class MilterCommandParser {
    /** SMFIC_BODY: data are a piece of the body. */
    public static final char BODY = 'B';

    /** SMFIC_BODYEOB: data are the last piece of the body, often none. */
    public static final char END_OF_MESSAGE = 'E';

    /** Macros in one packet. */
    static final int MAX_MACROS = 256;

    /** Parameters of MAIL or RCPT. */
    static final int MAX_PARAMETERS = 256;

    private MilterCommandParser() {}

    /**
     * Reads a packet's data.
     *
     * @param letter the command, neither {@link #BODY} nor {@link #END_OF_MESSAGE}
     * @throws MilterSyntaxException for data that do not fit the command, and for unknown commands
     */
    public static MilterCommand parse(char letter, byte[] data) {
        MilterText text = new MilterText(data);
        MilterCommand command = switch (letter) {
            case 'A' -> MilterCommand.Simple.ABORT;
            case 'C' -> connect(text);
            case 'D' -> macros(text);
            case 'H' -> new MilterCommand.Helo(text.text());
            case 'K' -> MilterCommand.Simple.NEXT_CONNECTION;
            case 'L' -> header(text);
            case 'M' -> new MilterCommand.Mail(text.text(), parameters(text));
            case 'N' -> MilterCommand.Simple.END_OF_HEADERS;
            case 'O' -> negotiate(text);
            case 'Q' -> MilterCommand.Simple.QUIT;
            case 'R' -> new MilterCommand.Rcpt(text.text(), parameters(text));
            case 'T' -> MilterCommand.Simple.DATA;
            case 'U' -> new MilterCommand.Unknown(text.text());
            default -> throw new MilterSyntaxException("unknown command 0x" + Integer.toHexString(letter));
        };
        text.finish();
        return command;
    }

    private static MilterCommand negotiate(MilterText text) {
        MilterOptions offer = new MilterOptions(text.number(), text.number(), text.number());
        // A later version may have more to say.
        while (text.hasMore()) {
            text.letter();
        }
        return new MilterCommand.Negotiate(offer);
    }

    private static MilterCommand connect(MilterText text) {
        String host = text.text();
        char family = text.letter();
        return switch (family) {
            case 'U' -> {
                // An unknown client has neither port nor address; some MTAs send both all the same.
                while (text.hasMore()) {
                    text.letter();
                }
                yield new MilterCommand.Connect(host, Optional.empty(), 0);
            }
            case 'L' -> {
                int port = text.port();
                text.text();
                yield new MilterCommand.Connect(host, Optional.empty(), port);
            }
            case '4', '6' -> {
                int port = text.port();
                String address = text.text();
                // Sendmail writes IPv6 addresses as in SMTP.
                yield new MilterCommand.Connect(
                        host, Optional.of(address.startsWith("IPv6:") ? address.substring(5) : address), port);
            }
            default -> throw new MilterSyntaxException("unknown address family 0x" + Integer.toHexString(family));
        };
    }

    private static MilterCommand header(MilterText text) {
        String name = text.text();
        if (name.isEmpty()) {
            throw new MilterSyntaxException("header field without a name");
        }
        return new MilterCommand.Header(name, text.text());
    }

    private static List<String> parameters(MilterText text) {
        List<String> parameters = new ArrayList<>(4);
        while (text.hasMore()) {
            if (parameters.size() == MAX_PARAMETERS) {
                throw new MilterSyntaxException("more than " + MAX_PARAMETERS + " parameters");
            }
            parameters.add(text.text());
        }
        return parameters;
    }

    private static MilterCommand macros(MilterText text) {
        char command = text.letter();
        Map<String, String> values = new HashMap<>();
        while (text.hasMore()) {
            if (values.size() == MAX_MACROS) {
                throw new MilterSyntaxException("more than " + MAX_MACROS + " macros");
            }
            String name = text.text();
            boolean braces = name.length() > 2 && name.startsWith("{") && name.endsWith("}");
            values.put(braces ? name.substring(1, name.length() - 1) : name, text.text());
        }
        return new MilterCommand.Macros(command, values);
    }
}
