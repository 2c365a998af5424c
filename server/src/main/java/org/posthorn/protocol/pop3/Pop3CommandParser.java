package org.posthorn.protocol.pop3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads command lines. */
public final class Pop3CommandParser {
    /** Octets of a command line without CRLF; RFC 2449 4 demands 253. */
    public static final int MAX_LINE = 1000;

    /** Octets of a line of an AUTH exchange without CRLF (RFC 5034 4 wants room for the largest response). */
    public static final int MAX_AUTH_LINE = 12288;

    private Pop3CommandParser() {}

    /**
     * Reads one line.
     *
     * @param line one char per octet, without CRLF
     * @throws Pop3SyntaxException for wrong arguments; a verb that is not known is {@link Pop3Command.Unknown}
     */
    public static Pop3Command parse(String line) {
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String argument = space < 0 ? "" : line.substring(space + 1);
        return switch (verb) {
            case "USER" -> new Pop3Command.User(text(argument.strip(), "USER name"));
            case "PASS" -> new Pop3Command.Pass(text(argument, "PASS password"));
            case "AUTH" -> auth(argument.strip());
            case "LIST" -> new Pop3Command.ListSizes(optionalNumber(argument));
            case "UIDL" -> new Pop3Command.ListIds(optionalNumber(argument));
            case "RETR" -> new Pop3Command.Retr(number(argument));
            case "DELE" -> new Pop3Command.Dele(number(argument));
            case "TOP" -> top(argument);
            case "STAT" -> without(argument, Pop3Command.Simple.STAT);
            case "NOOP" -> without(argument, Pop3Command.Simple.NOOP);
            case "RSET" -> without(argument, Pop3Command.Simple.RSET);
            case "QUIT" -> without(argument, Pop3Command.Simple.QUIT);
            case "CAPA" -> without(argument, Pop3Command.Simple.CAPA);
            case "STLS" -> without(argument, Pop3Command.Simple.STLS);
            default -> new Pop3Command.Unknown();
        };
    }

    private static Pop3Command without(String argument, Pop3Command command) {
        if (!argument.isBlank()) {
            throw new Pop3SyntaxException(command + " takes no argument");
        }
        return command;
    }

    private static Pop3Command auth(String argument) {
        if (argument.isEmpty()) {
            return new Pop3Command.Auth(Optional.empty(), Optional.empty());
        }
        String[] words = argument.split(" +", -1);
        if (words.length > 2) {
            throw new Pop3SyntaxException("expected AUTH mechanism [initial-response]");
        }
        return new Pop3Command.Auth(
                Optional.of(words[0]), words.length == 2 ? Optional.of(words[1]) : Optional.empty());
    }

    private static Pop3Command top(String argument) {
        String[] words = argument.strip().split(" +", -1);
        if (words.length != 2) {
            throw new Pop3SyntaxException("expected TOP message lines");
        }
        return new Pop3Command.Top(number(words[0]), digits(words[1]));
    }

    private static OptionalInt optionalNumber(String argument) {
        return argument.isBlank() ? OptionalInt.empty() : OptionalInt.of(number(argument));
    }

    private static int number(String text) {
        int number = digits(text.strip());
        if (number == 0) {
            throw new Pop3SyntaxException("messages are numbered from 1");
        }
        return number;
    }

    private static int digits(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Pop3SyntaxException("expected a number");
        }
        return Integer.parseInt(text);
    }

    /** Names and passwords are UTF-8 where they are not ASCII. */
    private static String text(String octets, String usage) {
        if (octets.isEmpty()) {
            throw new Pop3SyntaxException("expected " + usage);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Pop3SyntaxException("neither ASCII nor UTF-8");
        }
    }
}
