package org.posthorn.protocol.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.mail.Address;

/** Reads command lines. */
public final class SmtpCommandParser {
    /** Octets of a command line without CRLF, by RFC 5321 4.5.3.1.4 and the extensions that lengthen MAIL. */
    public static final int MAX_LINE = 2048;

    /** Octets of an AUTH line or response without CRLF (RFC 4954 4). */
    public static final int MAX_AUTH_LINE = 12288;

    private static final int MAX_NAME = 255;
    private static final int MAX_PARAMETERS = 20;

    private SmtpCommandParser() {}

    /**
     * Reads one line.
     *
     * @param line one char per octet, without CRLF
     * @throws SmtpSyntaxException for what is no command by the grammar; a verb that is not known is
     *     {@link SmtpCommand.Unknown}
     */
    public static SmtpCommand parse(String line) {
        String text = decode(line);
        int space = text.indexOf(' ');
        String verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
        // RFC 5321 4.1.1: trailing white space is to be tolerated.
        String argument = space < 0 ? "" : text.substring(space + 1).strip();
        return switch (verb) {
            case "HELO", "EHLO", "LHLO" ->
                new SmtpCommand.Hello(SmtpCommand.Greeting.valueOf(verb), helloName(argument));
            case "MAIL" -> mail(argument);
            case "RCPT" -> rcpt(argument);
            case "DATA" -> without(argument, SmtpCommand.Simple.DATA);
            case "RSET" -> without(argument, SmtpCommand.Simple.RSET);
            case "QUIT" -> without(argument, SmtpCommand.Simple.QUIT);
            case "STARTTLS" -> without(argument, SmtpCommand.Simple.STARTTLS);
            case "NOOP" -> SmtpCommand.Simple.NOOP;
            case "HELP" -> SmtpCommand.Simple.HELP;
            case "EXPN" -> SmtpCommand.Simple.EXPN;
            case "VRFY" -> vrfy(argument);
            case "AUTH" -> auth(argument);
            default -> new SmtpCommand.Unknown(text);
        };
    }

    /** RFC 6531 3.3: beyond ASCII there is UTF-8 and nothing else; control characters have no place at all. */
    private static String decode(String line) {
        boolean ascii = true;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < 0x20 || c == 0x7f) {
                throw syntax("Control character in command");
            }
            ascii &= c < 0x80;
        }
        if (ascii) {
            return line;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw syntax("Command is neither ASCII nor UTF-8");
        }
    }

    /**
     * RFC 5321 4.1.1.1 wants a domain or an address literal. Clients send other things, underscores above all, and refusing them
     * loses mail; what could break out of the Received field (spaces, parentheses, brackets of comments) is refused.
     */
    private static String helloName(String argument) {
        if (argument.isEmpty() || argument.length() > MAX_NAME) {
            throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", "Say who you are: EHLO hostname"));
        }
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c <= ' ' || c >= 0x7f || "()<>@,;\\\"".indexOf(c) >= 0) {
                throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", "Not a host name"));
            }
        }
        return argument;
    }

    private static SmtpCommand mail(String argument) {
        PathReader path = new PathReader(afterKeyword(argument, "FROM:"), "5.1.7", "sender");
        Optional<Address> sender = path.isEmpty() ? Optional.empty() : Optional.of(path.address());
        return new SmtpCommand.Mail(sender, parameters(path.rest()));
    }

    private static SmtpCommand rcpt(String argument) {
        PathReader path = new PathReader(afterKeyword(argument, "TO:"), "5.1.3", "recipient");
        // RFC 5321 4.1.1.3: <Postmaster> in any case needs no domain.
        Optional<Address> recipient = path.is("postmaster") ? Optional.empty() : Optional.of(path.address());
        return new SmtpCommand.Rcpt(recipient, parameters(path.rest()));
    }

    private static String afterKeyword(String argument, String keyword) {
        if (!argument.regionMatches(true, 0, keyword, 0, keyword.length())) {
            throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", "Expected " + keyword + "<address>"));
        }
        // RFC 5321 3.3 forbids a space here, but many clients send one.
        return argument.substring(keyword.length()).stripLeading();
    }

    private static List<EsmtpParameter> parameters(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<EsmtpParameter> result = new ArrayList<>();
        for (String word : text.split(" +", -1)) {
            int equals = word.indexOf('=');
            String keyword = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
            if (!isKeyword(keyword) || result.size() >= MAX_PARAMETERS) {
                throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", "Not a parameter"));
            }
            if (result.stream().anyMatch(other -> other.keyword().equals(keyword))) {
                throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", "Parameter given twice: " + keyword));
            }
            Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
            if (value.isPresent() && (value.get().isEmpty() || value.get().indexOf('=') >= 0)) {
                throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", "Not a parameter: " + keyword));
            }
            result.add(new EsmtpParameter(keyword, value));
        }
        return result;
    }

    private static boolean isKeyword(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!(letterOrDigit || (c == '-' && i > 0))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static SmtpCommand vrfy(String argument) {
        if (argument.isEmpty()) {
            throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", "Expected VRFY address"));
        }
        return new SmtpCommand.Vrfy(argument);
    }

    private static SmtpCommand auth(String argument) {
        String[] words = argument.split(" +", -1);
        if (argument.isEmpty() || words.length > 2) {
            throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", "Expected AUTH mechanism [initial-response]"));
        }
        return new SmtpCommand.Auth(words[0], words.length == 2 ? Optional.of(words[1]) : Optional.empty());
    }

    private static SmtpCommand without(String argument, SmtpCommand.Simple command) {
        if (!argument.isEmpty()) {
            throw new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", command.name() + " takes no argument"));
        }
        return command;
    }

    private static SmtpSyntaxException syntax(String text) {
        return new SmtpSyntaxException(SmtpReply.of(500, "5.5.2", text));
    }
}
