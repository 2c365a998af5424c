package org.posthorn.server.milter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.posthorn.intake.HeaderScan;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.Headers;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.milter.MilterCommand;
import org.posthorn.protocol.milter.MilterReply;

/**
 * The header of one message, brought from the form in which the MTA shows it to the one in which it is sent, and the
 * other way round for what we add. Bounded as in SMTP; used by one thread.
 */
final class MessageHeader {
    /** Octets of a From that is read. */
    private static final int MAX_FROM = 16 << 10;

    /** Right below the Received field that the MTA has put on top, as OpenDKIM does; it precedes what it signs. */
    private static final int PLACE = 1;

    private final boolean leadingSpace;
    private final List<HeaderField> fields = new ArrayList<>();
    private long octets;
    private int count;

    /** @param leadingSpace whether values come with the space after the colon, and are to be given with it */
    MessageHeader(boolean leadingSpace) {
        this.leadingSpace = leadingSpace;
    }

    /** Takes the next field; of a header too large, nothing is kept. */
    void add(MilterCommand.Header header) {
        octets += header.name().length() + header.value().length() + 4;
        count++;
        if (isTooLarge()) {
            fields.clear();
            return;
        }
        // Without LEADING_SPACE the MTA has eaten one space, but no tab (Postfix, milter8.c).
        boolean eaten = !leadingSpace && !header.value().startsWith("\t");
        fields.add(new HeaderField(header.name() + (eaten ? ": " : ":") + withCrLf(header.value())));
    }

    /** The MTA ends the lines of a folded field with LF alone; on the wire they end with CRLF. */
    private static String withCrLf(String value) {
        return value.indexOf('\n') < 0 ? value : value.replace("\r\n", "\n").replace("\n", "\r\n");
    }

    boolean isTooLarge() {
        return octets > HeaderScan.MAX_HEADER || count > Headers.MAX_FIELDS;
    }

    /** In the order of the message; without the Received field of the MTA itself. */
    List<HeaderField> fields() {
        return Collections.unmodifiableList(fields);
    }

    /** Has a field put on top of the message. */
    MilterReply insertion(HeaderField field) {
        String value = field.value().replace("\r\n", "\n");
        boolean adds = !leadingSpace && value.startsWith(" ");
        return new MilterReply.InsertHeader(PLACE, field.name(), adds ? value.substring(1) : value);
    }

    /** Has those Authentication-Results removed that pretend to be ours (RFC 8601 5), the last first, so that counting stays right. */
    List<MilterReply> removals(String authservId) {
        List<MilterReply> removals = new ArrayList<>();
        int index = 0;
        for (HeaderField field : fields) {
            if (field.is(AuthenticationResults.NAME)) {
                index++;
                if (AuthenticationResults.claims(field, authservId)) {
                    removals.addFirst(new MilterReply.ChangeHeader(index, AuthenticationResults.NAME, ""));
                }
            }
        }
        return removals;
    }

    /** The domain of the first author; empty unless there is exactly one From, with an address (RFC 5322 3.6). */
    Optional<Domain> author() {
        List<HeaderField> from =
                fields.stream().filter(field -> field.is("From")).toList();
        if (from.size() != 1 || from.getFirst().raw().length() > MAX_FROM) {
            return Optional.empty();
        }
        // RFC 6532: the octets are UTF-8 where they are not ASCII.
        byte[] value = from.getFirst().unfolded().getBytes(StandardCharsets.ISO_8859_1);
        return HeaderAddress.mailboxes(HeaderAddress.parseList(new String(value, StandardCharsets.UTF_8))).stream()
                .findFirst()
                .flatMap(HeaderAddress.Mailbox::address)
                .map(Address::domain);
    }
}
