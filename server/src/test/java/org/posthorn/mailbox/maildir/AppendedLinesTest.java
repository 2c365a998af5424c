package org.posthorn.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;

/** APPEND keeps what the client sent, except that every line ends in CRLF (RFC 3501 2.3.6 counts octets of RFC 5322 messages). */
class AppendedLinesTest {
    @TempDir
    Path directory;

    @Test
    void aBareLineFeedGetsItsCarriageReturnHoweverTheMessageIsCut() throws Exception {
        Random random = new Random(11);
        try (MaildirFixture fixture = new MaildirFixture(directory)) {
            for (int size : new int[] {0, 1, 2, 3, 16_383, 16_384, 16_385, 70_000}) {
                byte[] sent = new byte[size];
                for (int i = 0; i < size; i++) {
                    sent[i] = (byte) "\r\na\n\r\u00e4".charAt(random.nextInt(6));
                }
                long uid;
                try (Appender appender = fixture.mail().append(MailboxName.INBOX, Flags.NONE, Optional.empty(), 0)) {
                    for (int at = 0; at < size; ) {
                        int count = Math.min(size - at, random.nextInt(size < 10 ? 2 : 40_000));
                        appender.write(sent, at, count);
                        at += count;
                    }
                    uid = appender.commit().uid();
                }
                String expected = new String(sent, ISO_8859_1).replaceAll("(?<!\r)\n", "\r\n");
                Mailbox inbox = fixture.inbox();
                assertThat(MaildirFixture.text(inbox, uid))
                        .as("%s octets", size)
                        .isEqualTo(expected);
                assertThat(inbox.message(uid).orElseThrow().size()).isEqualTo(expected.length());
            }
        }
    }
}
