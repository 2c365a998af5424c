package org.posthorn.server.milter;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.protocol.milter.MilterCommand;

/**
 * What the MTA has told of the SMTP session and of the message under way. Macros hold until their command comes again;
 * those of a message end with it. Used by one thread.
 */
final class Transaction {
    /** The commands of the SMTP session rather than of a message. */
    private static final String OF_SESSION = "CH";

    private final Map<Character, Map<String, String>> macros = new HashMap<>();
    private Optional<InetAddress> client = Optional.empty();
    private String clientName = "unknown";
    private String helo = "";
    private String sender = "";

    void macros(MilterCommand.Macros given) {
        macros.put(given.command(), given.values());
    }

    /** The value of a macro, named without braces; the latest stage that has one tells. */
    Optional<String> macro(String name) {
        for (char stage : new char[] {'E', 'N', 'T', 'R', 'M', 'H', 'C'}) {
            String value = macros.getOrDefault(stage, Map.of()).get(name);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    void connect(MilterCommand.Connect connect) {
        clientName = connect.host();
        client = connect.address().flatMap(Transaction::literal);
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    void helo(MilterCommand.Helo command) {
        helo = command.name();
    }

    /** A message begins. */
    void mail(MilterCommand.Mail mail) {
        sender = mail.path();
    }

    /** A message is over, or will not come. */
    void endMessage() {
        sender = "";
        macros.keySet().removeIf(stage -> OF_SESSION.indexOf(stage) < 0);
    }

    /** Another SMTP session begins. */
    void endSession() {
        macros.clear();
        client = Optional.empty();
        clientName = "unknown";
        helo = "";
        sender = "";
    }

    /** The SMTP client; empty for mail that came without one, such as from the {@code sendmail} command. */
    Optional<InetAddress> client() {
        return client;
    }

    String clientName() {
        return clientName;
    }

    String helo() {
        return helo;
    }

    /** With angle brackets, as a rule; "" before MAIL. */
    String sender() {
        return sender;
    }

    /** The MTA's queue id, for the log. */
    String queueId() {
        return macro("i").orElse("");
    }
}
