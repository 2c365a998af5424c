package org.posthorn.server.imap;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.ByteRange;
import org.posthorn.mail.mime.HeaderSummary;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mailbox.HeldMessage;
import org.posthorn.mailbox.Message;
import org.posthorn.protocol.imap.BodyStructureWriter;
import org.posthorn.protocol.imap.EnvelopeWriter;
import org.posthorn.protocol.imap.FetchItem;
import org.posthorn.protocol.imap.FetchItem.Partial;
import org.posthorn.protocol.imap.FetchItem.Section;
import org.posthorn.protocol.imap.FetchItem.Simple;
import org.posthorn.protocol.imap.ResponseBuffer;

/** The FETCH response for one message (RFC 3501 7.4.2). */
final class FetchResponse implements Closeable {
    private static final long WORST = 32;

    private final Responses out;
    private final SelectedMailbox selected;
    private final Message message;
    private Optional<HeldMessage> held = Optional.empty();
    private Optional<MessageContent> content = Optional.empty();
    private Optional<MimePart> structure = Optional.empty();
    private Optional<HeaderSummary> envelope = Optional.empty();

    FetchResponse(Responses out, SelectedMailbox selected, Message message) {
        this.out = out;
        this.selected = selected;
        this.message = message;
    }

    /** How much memory it may take at most to answer for a message, octets: addresses of two octets are the worst. */
    static long cost(List<FetchItem> items, Message message) {
        return items.stream().anyMatch(FetchResponse::needsStructure) ? WORST * message.size() : 0;
    }

    /** Whether the index alone answers. */
    static boolean isPlain(List<FetchItem> items) {
        return items.stream().noneMatch(item -> item instanceof FetchItem.Text || needsStructure(item));
    }

    private static boolean needsStructure(FetchItem item) {
        return switch (item) {
            case Simple simple -> simple == Simple.BODY || simple == Simple.BODYSTRUCTURE || simple == Simple.ENVELOPE;
            case FetchItem.Text text -> !text.section().equals(Section.ALL);
        };
    }

    /** How much memory is taken after {@link #load}, until all is sent, octets. */
    long held(List<FetchItem> items) {
        long held = structure.map(MimePart::weight).orElse(0L)
                + envelope.map(HeaderSummary::weight).orElse(0L);
        boolean subset = items.stream()
                .anyMatch(item -> item instanceof FetchItem.Text text
                        && !text.section().fields().isEmpty());
        long header = structure.map(FetchResponse::largestHeader).orElse(0L);
        return subset ? held + HeaderSubset.COST * header : held;
    }

    private static long largestHeader(MimePart part) {
        long largest = part.children().stream()
                .mapToLong(FetchResponse::largestHeader)
                .max()
                .orElse(0);
        return Math.max(largest, Math.min(part.header().length(), Headers.MAX_OCTETS));
    }

    /**
     * Gets what the items need, before anything is sent, and keeps it until {@link #close}: what others do to the message then does not
     * matter. False when it is gone already.
     */
    boolean load(List<FetchItem> items) throws IOException {
        boolean needsContent = false;
        boolean needsStructure = false;
        boolean needsEnvelope = items.contains(Simple.ENVELOPE);
        for (FetchItem item : items) {
            needsContent |= item instanceof FetchItem.Text;
            needsStructure |= item != Simple.ENVELOPE && needsStructure(item);
        }
        if (needsContent) {
            held = selected.mailbox().hold(message.uid());
            content = held.map(HeldMessage::content);
        }
        if (needsStructure && (!needsContent || content.isPresent())) {
            structure = selected.mailbox().structure(message.uid());
        } else if (needsEnvelope && (!needsContent || content.isPresent())) {
            envelope = selected.mailbox().envelope(message.uid());
        }
        boolean hasEnvelope = structure.isPresent() || envelope.isPresent();
        return (!needsEnvelope || hasEnvelope)
                && (!needsContent || content.isPresent())
                && (!needsStructure || structure.isPresent());
    }

    @Override
    public void close() throws IOException {
        if (held.isPresent()) {
            held.get().close();
        }
    }

    /** Writes the whole response, or nothing when that fails. */
    void write(int sequence, List<FetchItem> items, boolean flagsChanged) throws IOException {
        Responses.Mark start = out.mark();
        try {
            writeAll(sequence, items, flagsChanged);
        } catch (Disconnected e) {
            // It says what could not be read; nothing is to be taken back where nothing can follow.
            throw e;
        } catch (IOException | RuntimeException e) {
            out.cutBackTo(start);
            throw e;
        }
    }

    private void writeAll(int sequence, List<FetchItem> items, boolean flagsChanged) throws IOException {
        out.buffer().text("* ").number(sequence).text(" FETCH (");
        boolean first = true;
        if (flagsChanged && !items.contains(Simple.FLAGS)) {
            FlagText.write(out.buffer(), message.flags(), selected.isRecent(message.uid()));
            first = false;
        }
        for (FetchItem item : items) {
            if (!first) {
                out.buffer().space();
            }
            first = false;
            write(item);
        }
        out.buffer().character(')');
        out.endOfLine();
    }

    private void write(FetchItem item) throws IOException {
        ResponseBuffer buffer = out.buffer();
        switch (item) {
            case Simple simple -> {
                switch (simple) {
                    case UID -> buffer.text("UID ").number(message.uid());
                    case FLAGS -> FlagText.write(buffer, message.flags(), selected.isRecent(message.uid()));
                    case INTERNALDATE -> buffer.text("INTERNALDATE ").internalDate(message.internalDate());
                    case RFC822_SIZE -> buffer.text("RFC822.SIZE ").number(message.size());
                    case ENVELOPE ->
                        EnvelopeWriter.write(
                                buffer.text("ENVELOPE "),
                                envelope.or(() -> structure.flatMap(MimePart::summary))
                                        .orElseThrow());
                    case BODY -> BodyStructureWriter.write(buffer.text("BODY "), structure.orElseThrow(), false);
                    case BODYSTRUCTURE ->
                        BodyStructureWriter.write(buffer.text("BODYSTRUCTURE "), structure.orElseThrow(), true);
                }
            }
            case FetchItem.Text text -> section(text);
        }
    }

    private void section(FetchItem.Text item) throws IOException {
        out.buffer().text(item.label());
        item.partial()
                .ifPresent(partial ->
                        out.buffer().character('<').number(partial.first()).character('>'));
        out.buffer().space();
        MessageContent whole = content.orElseThrow();
        if (item.section().equals(Section.ALL)) {
            window(whole, new ByteRange(0, whole.size()), item.partial());
            return;
        }
        Optional<ByteRange> range = range(item.section());
        if (range.isEmpty()) {
            out.buffer().text("NIL");
        } else if (item.section().fields().isEmpty()) {
            window(whole, range.get(), item.partial());
        } else {
            byte[] fields = HeaderSubset.of(whole, range.get(), item.section());
            window(MessageContent.of(fields), new ByteRange(0, fields.length), item.partial());
        }
    }

    /** Where a section lies (6.4.5); empty when the message has no such part. */
    private Optional<ByteRange> range(Section section) {
        MimePart root = structure.orElseThrow();
        boolean ofRoot = section.path().isEmpty();
        Optional<MimePart> part = root.find(section.path());
        return switch (section.kind()) {
            case WHOLE -> part.map(MimePart::body);
            case MIME -> part.map(MimePart::header);
            // HEADER and TEXT of a part are those of the message in it.
            case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT ->
                (ofRoot ? part : part.flatMap(MimePart::message)).map(MimePart::header);
            case TEXT -> (ofRoot ? part : part.flatMap(MimePart::message)).map(MimePart::body);
        };
    }

    /** A range of the message, or the window of it that was asked for; a window past the end is empty (6.4.5). */
    private void window(MessageContent whole, ByteRange range, Optional<Partial> partial) {
        ByteRange asked = partial.isEmpty()
                ? range
                : range.sub(partial.get().first(), partial.get().count());
        out.literal(whole, asked.start(), asked.length());
    }
}
