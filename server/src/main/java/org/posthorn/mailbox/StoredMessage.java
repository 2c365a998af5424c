package org.posthorn.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.HeaderDate;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.IndexedFields;
import org.posthorn.mail.mime.MessageText;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;

/** A message under search: its index entry, and its text when that is asked for. */
final class StoredMessage implements SearchedMessage, AutoCloseable {
    /** Messages up to this size are read once and looked at in memory, octets. */
    private static final long IN_MEMORY = 256 * 1024;

    /** Where one read brings as much, the whole message is read even where the header alone may be needed, octets. */
    private static final long ONE_READ = 8 * 1024;

    private static final MessageContent NOTHING = MessageContent.of(new byte[0]);
    private static final Set<String> PLAIN_ENCODINGS = Set.of("7bit", "8bit", "binary");

    /** Octets of memory for each octet that is read: itself, decoded, as text and folded. */
    private static final long COST = 4;

    private final Mailbox mailbox;
    private final SearchPace pace;
    private final Message message;
    private @Nullable HeldMessage held;
    private @Nullable MessageContent content;
    private final HeaderSource source;
    private @Nullable Headers headers;
    /** The header's fields that the index keeps. */
    private @Nullable Headers kept;

    private boolean asked;
    private SearchPace.@Nullable Memory memory;

    StoredMessage(Mailbox mailbox, HeaderSource source, Message message, SearchPace pace) {
        this.mailbox = mailbox;
        this.source = source;
        this.message = message;
        this.pace = pace;
    }

    @Override
    public long uid() {
        return message.uid();
    }

    @Override
    public Flags flags() {
        return message.flags();
    }

    @Override
    public long internalDate() {
        return message.internalDate();
    }

    @Override
    public long size() {
        return message.size();
    }

    @Override
    public Optional<LocalDate> sentDay() throws IOException {
        return headers("Date").value("Date").flatMap(HeaderDate::parse).map(OffsetDateTime::toLocalDate);
    }

    @Override
    public List<String> header(String field) throws IOException {
        return headers(field).all(field).stream().map(FieldView::decoded).toList();
    }

    @Override
    public List<String> addresses(String field) throws IOException {
        return headers(field).all(field).stream()
                .flatMap(value -> HeaderAddress.mailboxes(HeaderAddress.parseList(value.value())).stream())
                .map(mailbox -> mailbox.displayName() + " <" + mailbox.localPart() + "@" + mailbox.domain() + ">")
                .toList();
    }

    @Override
    public boolean headerContains(SearchText text) throws IOException {
        return text.isIn(MessageText.header(headers()));
    }

    @Override
    public boolean bodyContains(SearchText text) throws IOException {
        MessageContent whole = content();
        MimePart structure = structure();
        if (text.isAscii() && isPlain(structure)) {
            try (InputStream body =
                    whole.open(structure.body().start(), structure.body().length())) {
                return text.isIn(body);
            }
        }
        try (Reader body = MessageText.body(whole, structure)) {
            return text.isIn(body);
        }
    }

    /** Whether ASCII text in the part looks the same decoded and not. */
    private static boolean isPlain(MimePart part) {
        String charset = part.type().parameter("charset").orElse("us-ascii").toLowerCase(Locale.ROOT);
        return part.type().isText()
                && PLAIN_ENCODINGS.contains(part.encoding())
                && (charset.equals("us-ascii") || charset.equals("utf-8") || charset.startsWith("iso-8859-"));
    }

    /** The message; nothing when it has gone meanwhile, in which nothing is found. */
    private MessageContent content() throws IOException {
        MessageContent known = content;
        if (known == null) {
            known = stored();
            if (known.size() <= IN_MEMORY) {
                try (InputStream in = known.open()) {
                    known = new PacedContent(MessageContent.of(in.readAllBytes()), pace);
                }
            }
            content = known;
        }
        return known;
    }

    /** The message where it lies; of what is searched, the header alone may be needed. */
    private MessageContent stored() throws IOException {
        if (memory == null) {
            memory = pace.take(COST * Math.min(message.size(), IN_MEMORY));
        }
        HeldMessage open = held;
        if (open == null) {
            Optional<HeldMessage> found = mailbox.hold(message.uid());
            if (found.isEmpty()) {
                return NOTHING;
            }
            open = found.get();
            held = open;
        }
        return new PacedContent(open.content(), pace);
    }

    @Override
    public void close() throws IOException {
        try (SearchPace.Memory _ = memory) {
            if (held != null) {
                held.close();
            }
        }
    }

    /** A header that has all fields of this name; the message is not opened where the index keeps them. */
    private Headers headers(String field) throws IOException {
        if (headers == null && IndexedFields.has(field)) {
            if (!asked) {
                asked = true;
                kept = source.find(message.uid()).orElse(null);
            }
            Headers known = kept;
            if (known != null) {
                return known;
            }
        }
        return headers();
    }

    private Headers headers() throws IOException {
        Headers known = headers;
        if (known == null) {
            MessageContent read = content == null && message.size() > ONE_READ ? stored() : content();
            known = Headers.read(read);
            headers = known;
            if (asked && held != null) {
                source.found(message.uid(), known, known.isComplete() || read.size() < Headers.MAX_OCTETS);
            }
        }
        return known;
    }

    private MimePart structure() throws IOException {
        return MimeStructure.parse(content());
    }
}
