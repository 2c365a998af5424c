package org.posthorn.protocol.imap;

import java.util.List;
import java.util.Optional;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.mime.HeaderSummary;

/** Writes ENVELOPE (RFC 3501 7.4.2). */
public final class EnvelopeWriter {
    private EnvelopeWriter() {}

    /** The parenthesised envelope, without the item's name. */
    public static void write(ResponseBuffer out, HeaderSummary summary) {
        out.character('(').nstring(summary.date());
        out.space().nstring(summary.subject());
        addresses(out.space(), summary.from());
        addresses(out.space(), summary.sender());
        addresses(out.space(), summary.replyTo());
        addresses(out.space(), summary.to());
        addresses(out.space(), summary.cc());
        addresses(out.space(), summary.bcc());
        out.space().nstring(summary.inReplyTo());
        out.space().nstring(summary.messageId()).character(')');
    }

    private static void addresses(ResponseBuffer out, List<HeaderAddress> addresses) {
        if (addresses.isEmpty()) {
            out.text("NIL");
            return;
        }
        out.character('(');
        for (HeaderAddress address : addresses) {
            switch (address) {
                case HeaderAddress.Mailbox mailbox -> mailbox(out, mailbox);
                case HeaderAddress.Group group -> group(out, group);
            }
        }
        out.character(')');
    }

    private static void mailbox(ResponseBuffer out, HeaderAddress.Mailbox mailbox) {
        out.character('(').nstring(mailbox.name());
        out.space().nstring(mailbox.route());
        out.space().string(mailbox.localPart());
        // A host of NIL would begin a group; an address without a domain gets an empty one.
        out.space().string(mailbox.domain()).character(')');
    }

    /** Group syntax is marked by a host of NIL: its name begins the group, NIL ends it. */
    private static void group(ResponseBuffer out, HeaderAddress.Group group) {
        out.text("(NIL NIL ").nstring(Optional.of(group.name())).text(" NIL)");
        for (HeaderAddress.Mailbox member : group.members()) {
            mailbox(out, member);
        }
        out.text("(NIL NIL NIL NIL)");
    }
}
