package org.posthorn.protocol.milter;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the MTA tells a filter. Text is ISO 8859-1, one char per octet. */
public sealed interface MilterCommand {
    /** SMFIC_OPTNEG, once, at the beginning. */
    record Negotiate(MilterOptions offer) implements MilterCommand {}

    /**
     * SMFIC_MACRO: what the MTA knows, right before the command that it belongs to.
     *
     * @param command the letter of that command
     * @param values by name, without the braces of long names; a name that comes twice has its last value
     */
    record Macros(char command, Map<String, String> values) implements MilterCommand {
        public Macros {
            values = Map.copyOf(values);
        }
    }

    /**
     * SMFIC_CONNECT.
     *
     * @param host the client's name, or its address in brackets
     * @param address of IPv4 or IPv6 as text; empty for a local or unknown client
     */
    record Connect(String host, Optional<String> address, int port) implements MilterCommand {}

    /** SMFIC_HELO. */
    record Helo(String name) implements MilterCommand {}

    /**
     * SMFIC_MAIL.
     *
     * @param path with its angle brackets, as a rule
     */
    record Mail(String path, List<String> parameters) implements MilterCommand {
        public Mail {
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * SMFIC_RCPT.
     *
     * @param path with its angle brackets, as a rule
     */
    record Rcpt(String path, List<String> parameters) implements MilterCommand {
        public Rcpt {
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * SMFIC_HEADER.
     *
     * @param value its lines end with LF alone; without the space after the colon unless {@link
     *     MilterOptions.Step#LEADING_SPACE} was agreed on
     */
    record Header(String name, String value) implements MilterCommand {}

    /** SMFIC_UNKNOWN: an SMTP command that the MTA does not know. */
    record Unknown(String line) implements MilterCommand {}

    /** The commands that say nothing more. */
    enum Simple implements MilterCommand {
        /** SMFIC_DATA. */
        DATA,
        /** SMFIC_EOH. */
        END_OF_HEADERS,
        /** SMFIC_ABORT: the message will not come, or not to its end; the connection goes on. */
        ABORT,
        /** SMFIC_QUIT: the connection ends. */
        QUIT,
        /** SMFIC_QUIT_NC: the SMTP session is over, another one begins on this connection. */
        NEXT_CONNECTION
    }
}
