package org.posthorn.intake.submission;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.directory.Directory;
import org.posthorn.intake.HeaderScan;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.HeaderDate;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.mail.WrittenAddresses;
import org.posthorn.protocol.smtp.SmtpReply;

/**
 * A message's header as its account may send it.
 *
 * @param fields as they will be sent
 * @param from the domain of its author, which signs
 * @param messageId with angle brackets
 */
record SubmittedHeader(List<HeaderField> fields, Domain from, String messageId) {
    private static final List<String> OF_SENDERS = List.of("From", "Sender", "Resent-From", "Resent-Sender");
    private static final int MAX_AUTHORS = 100;
    /** Octets of From or Sender. */
    private static final int MAX_FIELD = 16 << 10;

    SubmittedHeader {
        fields = List.copyOf(fields);
    }

    /** What came of looking at a header. */
    sealed interface Judgement {
        record Good(SubmittedHeader header) implements Judgement {}

        record Bad(SmtpReply reply) implements Judgement {}
    }

    /** What completes a header that lacks something. */
    record Completion(Address account, OffsetDateTime now, String uniqueName) {}

    static Judgement judge(HeaderScanner.Scanned scanned, Directory directory, Completion completion) {
        if (scanned.stray().isPresent()) {
            return bad(
                    554,
                    "5.6.0",
                    "Not a header field: " + printable(scanned.stray().get()));
        }
        Optional<SmtpReply> fault = HeaderScan.of(scanned).fault();
        if (fault.isPresent()) {
            return new Judgement.Bad(fault.get());
        }
        List<HeaderField> fields = new ArrayList<>(scanned.fields());
        // RFC 5322 3.6: From and Sender at most once; readers disagree on which of several they show.
        if (count(fields, "From") != 1 || count(fields, "Sender") > 1) {
            return bad(554, "5.6.0", "Message must have one From field and at most one Sender field");
        }
        List<Address> authors = new ArrayList<>();
        for (String name : List.of("From", "Sender")) {
            Optional<Judgement> refused = collect(fields, name, authors);
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        List<Address> claimed = new ArrayList<>(authors);
        claimed.addAll(written(fields));
        for (Address author : claimed) {
            if (!directory.maySendAs(completion.account(), author)) {
                return bad(550, "5.7.1", completion.account() + " may not send as " + author);
            }
        }
        return new Judgement.Good(complete(fields, authors, completion));
    }

    /** Appends the addresses of the one field of that name, if there is one. */
    private static Optional<Judgement> collect(List<HeaderField> fields, String name, List<Address> addresses) {
        Optional<HeaderField> field = first(fields, name);
        if (field.isEmpty()) {
            return Optional.empty();
        }
        if (field.get().raw().length() > MAX_FIELD) {
            return Optional.of(bad(554, "5.6.0", "The " + name + " field is too long"));
        }
        List<HeaderAddress.Mailbox> mailboxes = HeaderAddress.mailboxes(HeaderAddress.parseList(unicode(field.get())));
        if (mailboxes.isEmpty() || mailboxes.size() > MAX_AUTHORS) {
            return Optional.of(bad(554, "5.6.0", "No address in the " + name + " field"));
        }
        for (HeaderAddress.Mailbox mailbox : mailboxes) {
            Optional<Address> address = mailbox.address();
            if (address.isEmpty()) {
                return Optional.of(bad(
                        554,
                        "5.6.0",
                        "Not an address in the " + name + " field: "
                                + printable(mailbox.localPart() + "@" + mailbox.domain())));
            }
            addresses.add(address.get());
        }
        return Optional.empty();
    }

    /**
     * All that looks like an address in From, Sender and each of the fields that say who sends it again (RFC 5322 3.6.6), but for quoted
     * strings and comments: readers that parse more leniently than we do may show any of it as the author.
     */
    private static List<Address> written(List<HeaderField> fields) {
        List<Address> found = new ArrayList<>();
        for (HeaderField field : fields) {
            if (OF_SENDERS.stream().anyMatch(field::is)) {
                found.addAll(WrittenAddresses.in(unicode(field), MAX_AUTHORS));
            }
        }
        return found;
    }

    private static SubmittedHeader complete(List<HeaderField> fields, List<Address> authors, Completion completion) {
        Domain domain = authors.getFirst().domain();
        // RFC 6409 8: a submission server may complete these. Bcc shows recipients that are to stay unseen (RFC 5322
        // 3.6.3),
        // and Return-Path is for the final server to add (RFC 5321 4.4).
        fields.removeIf(f -> f.is("Bcc") || f.is("Resent-Bcc") || f.is("Return-Path"));
        if (authors.size() > 1 && first(fields, "Sender").isEmpty()) {
            // RFC 5322 3.6.2: several authors need a Sender.
            fields.add(HeaderField.of("Sender", latin1(completion.account().toString())));
        }
        if (first(fields, "Date").isEmpty()) {
            fields.add(HeaderField.of("Date", HeaderDate.format(completion.now())));
        }
        Optional<String> messageId = first(fields, "Message-ID").map(HeaderField::unfolded);
        String id = messageId.orElseGet(() -> "<" + completion.uniqueName() + "@" + domain + ">");
        if (messageId.isEmpty()) {
            fields.add(HeaderField.of("Message-ID", id));
        }
        return new SubmittedHeader(fields, domain, id);
    }

    private static int count(List<HeaderField> fields, String name) {
        return (int) fields.stream().filter(f -> f.is(name)).count();
    }

    private static Optional<HeaderField> first(List<HeaderField> fields, String name) {
        return fields.stream().filter(f -> f.is(name)).findFirst();
    }

    /** The octets of a field as the UTF-8 that they are (RFC 6532). */
    private static String unicode(HeaderField field) {
        return new String(field.unfolded().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String printable(String text) {
        String cut = text.length() > 80 ? text.substring(0, 80) : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static Judgement bad(int code, String status, String text) {
        return new Judgement.Bad(SmtpReply.of(code, status, text));
    }
}
