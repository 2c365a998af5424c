package org.posthorn.queue.spool;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;

/** What a sender asked for (RFC 3461), as numbered texts: a release that knows a number more does not take the rest apart anew. */
final class EnvelopeParameters {
    /** Of a message. */
    private static final int ENVID = 1;

    private static final int RET = 2;

    /** Of a recipient. */
    private static final int NOTIFY = 1;

    private static final int ORCPT = 2;

    private EnvelopeParameters() {}

    static void write(RecordWriter out, Envelope.Notification notification) {
        Map<Integer, String> parameters = new TreeMap<>();
        notification.envelopeId().ifPresent(id -> parameters.put(ENVID, id));
        notification.content().ifPresent(content -> parameters.put(RET, content.name()));
        write(out, parameters);
    }

    static void write(RecordWriter out, Envelope.Recipient recipient) {
        Map<Integer, String> parameters = new TreeMap<>();
        if (!recipient.notifyOf().isEmpty()) {
            parameters.put(
                    NOTIFY,
                    recipient.notifyOf().stream().map(Enum::name).sorted().collect(Collectors.joining(",")));
        }
        recipient.original().ifPresent(original -> parameters.put(ORCPT, original.type() + ";" + original.address()));
        write(out, parameters);
    }

    private static void write(RecordWriter out, Map<Integer, String> parameters) {
        out.octet(parameters.size());
        parameters.forEach((number, text) -> out.octet(number).text(text));
    }

    private static Map<Integer, String> read(RecordReader in) {
        int count = in.octet();
        Map<Integer, String> parameters = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int number = in.octet();
            if (number != 1 && number != 2) {
                throw new SpoolFormatException("a parameter " + number, true);
            }
            parameters.put(number, in.text());
        }
        return parameters;
    }

    static Envelope.Notification notification(RecordReader in) {
        Map<Integer, String> parameters = read(in);
        return parameters.isEmpty()
                ? Envelope.Notification.UNASKED
                : new Envelope.Notification(
                        Optional.ofNullable(parameters.get(ENVID)),
                        Optional.ofNullable(parameters.get(RET)).map(Envelope.ReturnedContent::valueOf));
    }

    static Envelope.Recipient recipient(Address address, RecordReader in) {
        Map<Integer, String> parameters = read(in);
        if (parameters.isEmpty()) {
            return Envelope.Recipient.of(address);
        }
        Set<Envelope.Notify> notify = EnumSet.noneOf(Envelope.Notify.class);
        for (String word : parameters.getOrDefault(NOTIFY, "").split(",", -1)) {
            if (!word.isEmpty()) {
                notify.add(Envelope.Notify.valueOf(word));
            }
        }
        return new Envelope.Recipient(
                address, notify, Optional.ofNullable(parameters.get(ORCPT)).map(EnvelopeParameters::original));
    }

    private static Envelope.OriginalRecipient original(String text) {
        int semicolon = text.indexOf(';');
        if (semicolon < 0) {
            throw new SpoolFormatException("not an original recipient");
        }
        return new Envelope.OriginalRecipient(text.substring(0, semicolon), text.substring(semicolon + 1));
    }
}
