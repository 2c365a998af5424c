package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.protocol.imap.SequenceSet;

/** Numbers and UIDs of a mailbox with the UIDs 2, 4, 6, 8 and 10. */
class SelectedMailboxTest {
    private AccountMail mail;
    private Mailbox mailbox;
    private SelectedMailbox view;

    @BeforeEach
    void fiveOfTen() throws Exception {
        mail = new MemoryMailboxStore().open(FakeAccounts.address("alice"));
        mailbox = mail.select(MailboxName.INBOX);
        for (int i = 0; i < 10; i++) {
            append();
        }
        assertThat(mailbox.expunge(List.of(1L, 3L, 5L, 7L, 9L))).hasSize(5);
        view = new SelectedMailbox(mailbox, true);
    }

    private void append() throws IOException, MailboxException {
        try (Appender appender = mail.append(MailboxName.INBOX, Flags.NONE, Optional.of(0L), 1)) {
            appender.write(new byte[] {'x'}, 0, 1);
            appender.commit();
        }
    }

    @Test
    void aUidHasANumberOrAPlace() {
        assertThat(view.size()).isEqualTo(5);
        assertThat(view.largestUid()).isEqualTo(10);
        assertThat(LongStream.rangeClosed(1, 11).mapToInt(view::sequence).toArray())
                .containsExactly(-1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6);
        assertThat(view.uid(1)).isEqualTo(2);
        assertThat(view.uid(5)).isEqualTo(10);
        assertThat(view.uids(new int[] {5, 1})).containsExactly(10L, 2L);
        assertThat(new SelectedMailbox(mailbox, true).isReadOnly()).isTrue();
        assertThat(new SelectedMailbox(mailbox, false).isReadOnly()).isFalse();
    }

    private int[] resolved(String set, boolean byUid) {
        return view.resolve(SequenceSet.parse(set), byUid);
    }

    @Test
    void aSetOfNumbersOrUidsMeansTheseMessages() {
        assertThat(resolved("1:3", false)).containsExactly(1, 2, 3);
        assertThat(resolved("2,4:5", false)).containsExactly(2, 4, 5);
        assertThat(resolved("*", false)).containsExactly(5);
        assertThat(resolved("4:9", false)).containsExactly(4, 5);
        assertThat(resolved("6:9", false)).isEmpty();
        assertThat(resolved("1:*", true)).containsExactly(1, 2, 3, 4, 5);
        assertThat(resolved("3:6", true)).containsExactly(2, 3);
        assertThat(resolved("2:5", true)).containsExactly(1, 2);
        assertThat(resolved("3,5,7", true)).isEmpty();
        assertThat(resolved("10:20", true)).containsExactly(5);
        // RFC 3501 6.4.8: the largest one even if the other end is beyond it.
        assertThat(resolved("20:*", true)).containsExactly(5);
        assertThat(resolved("*", true)).containsExactly(5);
    }

    @Test
    void anEmptyMailboxHasNone() throws Exception {
        mailbox.expunge(List.of(2L, 4L, 6L, 8L, 10L));
        view = new SelectedMailbox(mailbox, true);
        assertThat(view.size()).isZero();
        assertThat(view.largestUid()).isZero();
        assertThat(view.sequence(1)).isEqualTo(-1);
        assertThat(view.recentCount()).isZero();
        assertThat(resolved("1:*", true)).isEmpty();
    }

    @Test
    void moreThanSixteenAreResolvedToo() throws Exception {
        for (int i = 0; i < 40; i++) {
            append();
        }
        view = new SelectedMailbox(mailbox, true);
        assertThat(resolved("1:*", false)).hasSize(45).startsWith(1, 2).endsWith(44, 45);
        assertThat(resolved("1:17", false)).hasSize(17);
        assertThat(resolved("1:16", false)).hasSize(16);
    }

    @Test
    void recentIsWhatCameSinceTheLastSelect() throws Exception {
        view = new SelectedMailbox(mailbox, false);
        assertThat(view.recentCount()).isEqualTo(5);
        assertThat(view.isRecent(2)).isTrue();
        assertThat(view.isRecent(10)).isTrue();
        assertThat(view.isRecent(11)).isFalse();
        append();
        SelectedMailbox second = new SelectedMailbox(mailbox, false);
        assertThat(second.recentCount()).isEqualTo(1);
        assertThat(second.isRecent(11)).isTrue();
        assertThat(second.isRecent(10)).isFalse();
        assertThat(new SelectedMailbox(mailbox, false).recentCount()).isZero();
    }
}
