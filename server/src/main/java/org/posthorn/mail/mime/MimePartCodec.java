package org.posthorn.mail.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.HeaderAddress;

/**
 * The form in which the index keeps structures: a version octet, then the fields in order; numbers in 7-bit groups, texts as their length
 * and octets, what is optional with a leading number that is 0 when it is absent.
 */
final class MimePartCodec {
    private static final int VERSION = 2;

    private MimePartCodec() {}

    static byte[] encode(MimePart part) {
        CodecOutput out = new CodecOutput();
        out.number(VERSION);
        write(out, part);
        return out.toBytes();
    }

    static MimePart decode(byte[] bytes) {
        CodecInput in = new CodecInput(bytes);
        if (in.number() != VERSION) {
            throw new MimeFormatException("structure of another version");
        }
        try {
            MimePart part = readPart(in, 1);
            in.expectEnd();
            return part;
        } catch (MimeFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new MimeFormatException("structure that cannot be: " + e.getMessage());
        }
    }

    private static void write(CodecOutput out, MimePart part) {
        out.text(part.type().type());
        out.text(part.type().subtype());
        write(out, part.type().parameters());
        out.number(part.header().start());
        out.number(part.header().length());
        out.number(part.body().length());
        out.number(part.lines());
        out.text(part.encoding());
        out.present(part.disposition().isPresent());
        part.disposition().ifPresent(disposition -> {
            out.text(disposition.type());
            write(out, disposition.parameters());
        });
        out.number(part.languages().size());
        part.languages().forEach(out::text);
        out.optional(part.location());
        out.optional(part.id());
        out.optional(part.description());
        out.optional(part.md5());
        out.present(part.summary().isPresent());
        part.summary().ifPresent(summary -> write(out, summary));
        out.number(part.children().size());
        part.children().forEach(child -> write(out, child));
    }

    private static MimePart readPart(CodecInput in, int depth) {
        if (depth > MimeStructure.MAX_DEPTH) {
            throw new MimeFormatException("structure that is too deep");
        }
        ContentType type = new ContentType(in.text(), in.text(), readParameters(in));
        ByteRange header = new ByteRange(in.number(), in.number());
        return new MimePart(
                type,
                header,
                new ByteRange(header.end(), in.number()),
                in.number(),
                in.text(),
                in.present() ? Optional.of(new ContentDisposition(in.text(), readParameters(in))) : Optional.empty(),
                in.list(CodecInput::text),
                in.optional(),
                in.optional(),
                in.optional(),
                in.optional(),
                in.present() ? Optional.of(readSummary(in)) : Optional.empty(),
                in.list(i -> readPart(i, depth + 1)));
    }

    private static void write(CodecOutput out, ParameterList parameters) {
        out.number(parameters.entries().size());
        parameters.entries().forEach(parameter -> {
            out.text(parameter.name());
            out.text(parameter.value());
        });
    }

    private static ParameterList readParameters(CodecInput in) {
        List<Parameter> entries = in.list(i -> new Parameter(i.text(), i.text()));
        return entries.isEmpty() ? ParameterList.NONE : new ParameterList(entries);
    }

    private static void write(CodecOutput out, HeaderSummary summary) {
        out.optional(summary.date());
        out.optional(summary.subject());
        write(out, summary.from());
        writeUnlessFrom(out, summary.sender(), summary.from());
        writeUnlessFrom(out, summary.replyTo(), summary.from());
        write(out, summary.to());
        write(out, summary.cc());
        write(out, summary.bcc());
        out.optional(summary.inReplyTo());
        out.optional(summary.messageId());
    }

    private static HeaderSummary readSummary(CodecInput in) {
        Optional<String> date = in.optional();
        Optional<String> subject = in.optional();
        List<HeaderAddress> from = readAddresses(in);
        return new HeaderSummary(
                date,
                subject,
                from,
                in.present() ? readAddresses(in) : from,
                in.present() ? readAddresses(in) : from,
                readAddresses(in),
                readAddresses(in),
                readAddresses(in),
                in.optional(),
                in.optional());
    }

    private static void writeUnlessFrom(CodecOutput out, List<HeaderAddress> list, List<HeaderAddress> from) {
        out.present(!list.equals(from));
        if (!list.equals(from)) {
            write(out, list);
        }
    }

    private static void write(CodecOutput out, List<HeaderAddress> list) {
        out.number(list.size());
        for (HeaderAddress entry : list) {
            switch (entry) {
                case HeaderAddress.Mailbox mailbox -> {
                    out.present(false);
                    write(out, mailbox);
                }
                case HeaderAddress.Group group -> {
                    out.present(true);
                    out.text(group.name());
                    out.number(group.members().size());
                    group.members().forEach(member -> write(out, member));
                }
            }
        }
    }

    private static void write(CodecOutput out, HeaderAddress.Mailbox mailbox) {
        out.optional(mailbox.name());
        out.optional(mailbox.route());
        out.text(mailbox.localPart());
        out.text(mailbox.domain());
    }

    private static List<HeaderAddress> readAddresses(CodecInput in) {
        return new ArrayList<>(in.list(i ->
                i.present() ? new HeaderAddress.Group(i.text(), i.list(MimePartCodec::readMailbox)) : readMailbox(i)));
    }

    private static HeaderAddress.Mailbox readMailbox(CodecInput in) {
        return new HeaderAddress.Mailbox(in.optional(), in.optional(), in.text(), in.text());
    }
}
