package org.posthorn.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.HeaderDate;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.ContentDisposition;
import org.posthorn.mail.mime.ContentType;
import org.posthorn.mail.mime.HeaderSummary;

/** Every sequence of bytes is a header: its fields lie in order, and no field's value makes a reader fail. */
public final class HeaderFuzz {
    private HeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Headers headers = Headers.parse(input);
        int end = 0;
        for (FieldView field : headers) {
            if (field.offset() < end || field.length() < 2 || field.raw().length != field.length()) {
                throw new IllegalStateException("fields overlap at " + field.offset());
            }
            end = field.offset() + field.length();
            String value = field.value();
            List<HeaderAddress> list = HeaderAddress.parseList(value);
            HeaderAddress.mailboxes(list).forEach(HeaderAddress.Mailbox::address);
            HeaderDate.parse(value).ifPresent(HeaderDate::format);
            ContentType.parse(value).ifPresent(type -> type.parameter("name"));
            ContentDisposition.parse(value).ifPresent(ContentDisposition::filename);
        }
        if (end > input.length) {
            throw new IllegalStateException("a field goes on after the end");
        }
        HeaderSummary.of(headers);
        compareWithReadFromStream(input, headers);
    }

    private static void compareWithReadFromStream(byte[] input, Headers headers) {
        try {
            Headers read = Headers.read(MessageContent.of(input));
            if (read.count() != headers.count() || read.isComplete() != headers.isComplete()) {
                throw new IllegalStateException("another header when read from a stream");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
