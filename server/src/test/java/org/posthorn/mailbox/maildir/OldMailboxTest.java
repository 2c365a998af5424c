package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.HeaderSource;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.SpecialUse;
import org.posthorn.storage.DataFormat;
import org.posthorn.testing.OldData;

/** Mailboxes as earlier builds have left them: clients must not notice, and what is of a later one is left alone. */
class OldMailboxTest {
    private static final Address ACCOUNT = Address.parse("a@example.test");
    private static final MailboxName KEPT = MailboxName.parse("Kept", '/');
    private static final Flags FLAGGED_WORK = new Flags(Flags.FLAGGED, Set.of("$Work"));

    @TempDir
    Path data;

    private Path account() {
        return data.resolve("mail/a@example.test");
    }

    private MaildirStore store() throws IOException {
        return new MaildirStore(
                MaildirConfig.of(data.resolve("mail"), "mx.example.test"), MailLog.none(), InstantSource.system());
    }

    private static void loseIndex(Path account) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(account.resolve("index.db" + suffix));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "491e74f, false, 1796021656",
        "491e74f, true, 1796021656",
        "6a595a2, false, 1796021717",
        "6a595a2, true, 1796021717",
        "5a64c65, false, 1796021979",
        "5a64c65, true, 1796021979"
    })
    void keepsUidsFlagsAndKeywords(String build, boolean withoutIndex, long validity) throws Exception {
        OldData.unpack(build, data);
        if (withoutIndex) {
            loseIndex(account());
        }
        MaildirStore store = store();
        AccountMail mail = store.open(ACCOUNT);
        Mailbox inbox = mail.select(MailboxName.INBOX);
        Mailbox kept = mail.select(KEPT);
        assertThat(inbox.uidValidity()).isEqualTo(validity);
        assertThat(inbox.messages()).extracting(message -> message.uid()).containsExactly(1L, 2L);
        assertThat(inbox.messages()).extracting(message -> message.flags()).containsExactly(FLAGGED_WORK, Flags.NONE);
        // Without the index what was handed out and is gone is not known: it may skip, never repeat.
        assertThat(inbox.uidNext()).isGreaterThanOrEqualTo(3);
        assertThat(new String(
                        inbox.content(2).orElseThrow().open().readAllBytes(),
                        java.nio.charset.StandardCharsets.US_ASCII))
                .contains("\r\nSubject: to a@example.test\r\n");
        assertThat(kept.uidValidity()).isEqualTo(validity + 1);
        assertThat(kept.messages()).extracting(message -> message.uid()).containsExactly(1L);
        assertThat(kept.messages().getFirst().flags()).isEqualTo(FLAGGED_WORK);
        assertThat(mail.find(MailboxName.parse("Archive", '/')).orElseThrow())
                .matches(info ->
                        info.subscribed() && info.specialUse().equals(java.util.Optional.of(SpecialUse.ARCHIVE)));
        // The index of before holds no header fields: they are found, and kept from then on.
        HeaderSource source = ((OpenMailbox) inbox).headers();
        assertThat(source.find(2)).isEmpty();
        assertThat(inbox.envelope(2).orElseThrow().subject()).contains("to a@example.test");
        assertThat(source.find(2).orElseThrow().value("Subject")).contains("to a@example.test");
        inbox.close();
        kept.close();
        mail.close();
        store.close();
    }

    private void refuses(MailboxName mailbox) throws IOException {
        Map<String, String> before = OldData.files(account());
        MaildirStore store = store();
        assertThatThrownBy(() -> {
                    AccountMail mail = store.open(ACCOUNT);
                    try {
                        mail.select(mailbox);
                    } finally {
                        mail.close();
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Nothing was changed");
        store.close();
        assertThat(OldData.files(account())).isEqualTo(before);
    }

    @Test
    void refusesAnIndexOfAnUnknownVersionAndChangesNothing() throws Exception {
        OldData.unpack("5a64c65", data);
        OldData.change(account().resolve("index.db"), "PRAGMA user_version = 3");
        refuses(MailboxName.INBOX);
    }

    @Test
    void refusesAUidListOfAnUnknownVersionAndChangesNothing() throws Exception {
        OldData.unpack("5a64c65", data);
        // Closed well, so that nothing but the list is left to be changed.
        OldData.change(account().resolve("index.db"), "DELETE FROM mailbox WHERE directory = ''");
        Path list = account().resolve("Maildir/dovecot-uidlist");
        Files.writeString(list, "4" + Files.readString(list).substring(1));
        refuses(MailboxName.INBOX);
    }

    /** Numbers of the account go on above those that each mailbox had for itself. */
    @Test
    void takesOverTheTablesOfTheReleaseBefore() throws Exception {
        OldData.unpack("5a64c65", data);
        Path fresh = data.resolve("index.db");
        IndexSchema.prepare(fresh).close();
        Path index = account().resolve("index.db");
        assertThat(OldData.schema(index)).hasSize(5).isNotEqualTo(OldData.schema(fresh));
        long ceiling = 100_000;
        try (Connection connection = IndexSchema.prepare(index)) {
            assertThat(IndexNumbers.modSequence(connection).orElseThrow()).isGreaterThanOrEqualTo(ceiling);
        }
        assertThat(OldData.schema(index)).isEqualTo(OldData.schema(fresh)).hasSize(6);
        MaildirStore store = store();
        AccountMail mail = store.open(ACCOUNT);
        assertThat(mail.changes().modSeq()).isGreaterThanOrEqualTo(ceiling);
        assertThat(mail.select(KEPT).highestModSeq()).isGreaterThanOrEqualTo(ceiling);
        mail.close();
        store.close();
    }

    /** A release before this one refuses at its start, by the version in the data directory; and an index by itself too. */
    @Test
    void isOfVersion2() {
        assertThat(MaildirStore.INDEX).isEqualTo(new DataFormat("index", 1, 2));
    }
}
