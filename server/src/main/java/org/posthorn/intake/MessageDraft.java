package org.posthorn.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.posthorn.intake.IncomingMessage.Verdict;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.Draft;

/**
 * A message as it streams into the spool: its header is held until the end, so that whoever has read all of the message can still change
 * it; its body passes through, and is stored once. Memory does not grow with the message. Used by one thread.
 */
public final class MessageDraft implements AutoCloseable {
    private final Draft draft;
    private final Reader reader;
    private Optional<HeaderScanner> scanner;
    private List<HeaderField> fields = List.of();
    /** Of the fields, once somebody has asked; empty after each change. */
    private Optional<byte[]> octets = Optional.empty();

    private Optional<Verdict> refusal = Optional.empty();
    private Optional<IOException> failure = Optional.empty();

    /** Looks at a message as it passes. */
    public interface Reader {
        /**
         * The header is whole. Called once, before any of the body.
         *
         * @return how to refuse the message on its account, if need be; nothing of the body is kept or shown then
         */
        Optional<Verdict> header(HeaderScanner.Scanned header);

        /** The next octets of the body. */
        void body(byte[] bytes, int offset, int length);
    }

    /** @param maxHeader octets of a header; one that is larger is refused */
    public MessageDraft(Draft draft, int maxHeader, Reader reader) {
        this.draft = draft;
        this.reader = reader;
        this.scanner = Optional.of(new HeaderScanner(maxHeader));
    }

    /** Under which the message will be known. */
    public String id() {
        return draft.id().text();
    }

    /** The next octets of the message, in CRLF form. Never throws: what goes wrong shows in {@link #end}. */
    public void write(byte[] bytes, int offset, int length) {
        if (failure.isPresent() || refusal.isPresent()) {
            return;
        }
        try {
            int taken = scanner.isPresent() ? header(scanner.get(), bytes, offset, length) : 0;
            body(bytes, offset + taken, length - taken);
        } catch (IOException e) {
            failure = Optional.of(e);
        }
    }

    private int header(HeaderScanner open, byte[] bytes, int offset, int length) throws IOException {
        int taken = open.feed(bytes, offset, length);
        if (open.isTooLarge()) {
            refusal = HeaderScan.TOO_LARGE.fault().map(Verdict.Rejected::new);
        } else if (open.isComplete()) {
            endHeader(open);
        }
        return taken;
    }

    private void endHeader(HeaderScanner open) throws IOException {
        HeaderScanner.Scanned scanned = open.scanned();
        scanner = Optional.empty();
        fields = scanned.fields();
        refusal = reader.header(scanned);
        byte[] early = scanned.body().getBytes(StandardCharsets.ISO_8859_1);
        body(early, 0, early.length);
    }

    private void body(byte[] bytes, int offset, int length) throws IOException {
        if (refusal.isEmpty() && length > 0) {
            reader.body(bytes, offset, length);
            draft.write(bytes, offset, length);
        }
    }

    /**
     * All octets are there.
     *
     * @return how to refuse the message on account of its header, if need be
     * @throws IOException the message could not be stored
     */
    public Optional<Verdict> end() throws IOException {
        if (failure.isEmpty() && refusal.isEmpty() && scanner.isPresent()) {
            // RFC 5322 2.1: a message may consist of a header alone.
            endHeader(scanner.get());
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return refusal;
    }

    /** The header as it will go on, none before it is whole. */
    public List<HeaderField> fields() {
        return fields;
    }

    /** Changes the header, at any time between {@link Reader#header} and {@link #commit}. */
    public void fields(List<HeaderField> changed) {
        fields = List.copyOf(changed);
        octets = Optional.empty();
    }

    /** The header as it will go on, with the empty line behind it. */
    public byte[] header() {
        if (octets.isEmpty()) {
            StringBuilder text = new StringBuilder(2048);
            for (HeaderField field : fields) {
                text.append(field.raw()).append("\r\n");
            }
            octets = Optional.of(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        return octets.get();
    }

    /** The message as it stands, for a second look; valid until it is committed or closed. */
    public MessageContent content() throws IOException {
        return MessageContent.joined(MessageContent.of(header()), draft.content());
    }

    /**
     * Puts the message on stable storage and into the queue.
     *
     * @param before fields that stand before the header (signatures, results, trace), each with CRLF
     * @throws IOException nothing was kept and nothing will be delivered
     */
    public void commit(Envelope envelope, byte[] before) throws IOException {
        byte[] own = header();
        byte[] prefix = new byte[before.length + own.length];
        System.arraycopy(before, 0, prefix, 0, before.length);
        System.arraycopy(own, 0, prefix, before.length, own.length);
        draft.commit(envelope, prefix);
    }

    /** Drops the message unless it was committed. */
    @Override
    public void close() {
        draft.close();
    }
}
