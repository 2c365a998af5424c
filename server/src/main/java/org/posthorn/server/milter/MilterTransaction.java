package org.posthorn.server.milter;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.protocol.milter.MilterCommand;

/**
 * What the MTA has told of the SMTP session and of the message under way. Macros hold until their command comes again;
 * those of a message end with it. Used by one thread.
 */
final class MilterTransaction {
    /** The commands of the SMTP session rather than of a message. */
    private static final String OF_SESSION = "CH";

    private static final int MAX_RECIPIENTS = 1000;

    private final Map<Character, Map<String, String>> macros = new HashMap<>();
    private Optional<InetAddress> client = Optional.empty();
    private String clientName = "unknown";
    private String helo = "";
    private String sender = "";
    private final List<Address> recipients = new ArrayList<>();

    void macros(MilterCommand.Macros given) {
        macros.put(given.command(), given.values());
    }

    /** How long all macros are that are kept. */
    long macroOctets() {
        return macros.values().stream()
                .flatMap(values -> values.entrySet().stream())
                .mapToLong(macro -> macro.getKey().length() + macro.getValue().length())
                .sum();
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
        client = connect.address().flatMap(MilterTransaction::literal);
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
        recipients.clear();
    }

    /** The message has one more recipient; of very many the first are kept, and those that are addresses. */
    void rcpt(MilterCommand.Rcpt rcpt) {
        if (recipients.size() < MAX_RECIPIENTS) {
            address(rcpt.path()).ifPresent(recipients::add);
        }
    }

    /** Who sends to whom. Sender and recipients are missing where the MTA should not have taken them for addresses. */
    Envelope envelope() {
        return new Envelope(address(sender), recipients, false, false);
    }

    private static Optional<Address> address(String path) {
        String octets = path.startsWith("<") && path.endsWith(">") ? path.substring(1, path.length() - 1) : path;
        try {
            // RFC 6531: the octets are UTF-8 where they are not ASCII.
            String text = new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            return text.isEmpty() ? Optional.empty() : Optional.of(Address.parse(text));
        } catch (MalformedAddressException e) {
            return Optional.empty();
        }
    }

    /** A message is over, or will not come. */
    void endMessage() {
        sender = "";
        recipients.clear();
        macros.keySet().removeIf(stage -> OF_SESSION.indexOf(stage) < 0);
    }

    /** Another SMTP session begins. */
    void endSession() {
        macros.clear();
        client = Optional.empty();
        clientName = "unknown";
        helo = "";
        sender = "";
        recipients.clear();
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

    /** The MTA's queue id, for the log. */
    String queueId() {
        return macro("i").orElse("");
    }
}
