package org.posthorn.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.HeaderSummary;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;

/**
 * Whatever comes in, all readers of headers see the same fields: the one by whose fields mail is judged, signed and submitted, the one
 * that serves IMAP, and the one that finds the structure. In what is stored they agree on where the body begins, too, and a reader
 * that gives up at the first line that is no field finds nothing to give up at.
 */
public final class HeaderReadersFuzz {
    private HeaderReadersFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String message =
                new String(input, StandardCharsets.ISO_8859_1).replace("\r", "").replace("\n", "\r\n");
        byte[] bytes = octets(message);
        HeaderScanner scanner = new HeaderScanner(Headers.MAX_OCTETS);
        int taken = scanner.feed(bytes, 0, bytes.length);
        HeaderScanner.Scanned scanned = scanner.scanned();
        if (scanner.isTooLarge() || scanned.hasTooManyFields()) {
            return;
        }
        List<String> judged = new ArrayList<>();
        for (HeaderField field : scanned.fields()) {
            if (!field.is(HeaderScanner.MALFORMED_LINE) && !field.is(HeaderScanner.MAILBOX_LINE)) {
                judged.add(field.raw());
            }
        }
        List<String> shown = raw(Headers.parse(bytes));
        shown.removeIf(field -> {
            HeaderField known = new HeaderField(field);
            return known.is(HeaderScanner.MALFORMED_LINE) || known.is(HeaderScanner.MAILBOX_LINE);
        });
        same("shown of what came", judged, shown);
        checkStored(scanned, message.substring(taken));
    }

    /** The message as it is written. */
    private static void checkStored(HeaderScanner.Scanned scanned, String rest) {
        StringBuilder header = new StringBuilder();
        scanned.fields().forEach(field -> header.append(field.raw()).append("\r\n"));
        String stored = header + "\r\n" + scanned.body() + rest;
        byte[] bytes = octets(stored);
        if (bytes.length > Headers.MAX_OCTETS) {
            return;
        }
        List<String> judged = scanned.fields().stream().map(HeaderField::raw).toList();
        Headers headers = Headers.parse(bytes);
        same("shown of what is stored", judged, raw(headers));
        int end = 0;
        for (FieldView field : headers) {
            same("start of a field", end, field.offset());
            end += field.length();
        }
        HeaderScanner again = new HeaderScanner(Headers.MAX_OCTETS);
        again.feed(bytes, 0, bytes.length);
        same("judged again", new HeaderScanner.Scanned(scanned.fields(), Optional.empty(), ""), again.scanned());
        try {
            MessageContent content = MessageContent.of(bytes);
            MimePart structure = MimeStructure.parse(content);
            same("start of the body", header.length() + 2L, structure.body().start());
            same("envelope", Optional.of(HeaderSummary.of(headers)), structure.summary());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> raw(Headers headers) {
        List<String> fields = new ArrayList<>();
        for (FieldView field : headers) {
            String text = new String(field.raw(), StandardCharsets.ISO_8859_1);
            fields.add(text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text);
            HeaderField other = new HeaderField(text);
            same("name", other.name(), field.name());
        }
        return fields;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void same(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new IllegalStateException(what + ": " + expected + ", not " + found);
        }
    }
}
