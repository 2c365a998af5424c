package org.posthorn.mailbox.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.storage.UnknownFormatException;

/** Gives the fuzz targets the parsers of this package. */
public final class MaildirFuzzing {
    private MaildirFuzzing() {}

    /** Names of files and directories that anybody may have made. */
    public static void names(byte[] input) {
        FileName file = FileName.parse(new String(input, ISO_8859_1));
        check(
                file.text().equals(new String(input, ISO_8859_1)) || file.info().isEmpty(),
                "file name does not come back");
        check(
                file.seconds() >= 0
                        && file.fileSize().orElse(0) >= 0
                        && file.virtualSize().orElse(0) >= 0,
                "negative");
        check(file.tellsDate() || file.key() != null, "key");
        Keywords keywords = new Keywords(() -> Path.of("unused"), 10);
        check(keywords.flags(file.info()).keywords().isEmpty(), "keywords without letters");
        Optional<MailboxName> mailbox = FolderNames.mailbox(new String(input, UTF_8));
        if (mailbox.isPresent()) {
            String directory = FolderNames.directory(mailbox.get());
            check(directory.indexOf('/') < 0 && !directory.startsWith(".."), "directory outside of the Maildir");
            // A name that reads as modified UTF-7 only after it was taken as it was has two directories; both read as
            // the same.
            check(FolderNames.mailbox(directory).isPresent(), "own directory not recognised");
        }
    }

    public static void uidList(byte[] input) {
        try {
            UidList list = UidList.read(new ByteArrayInputStream(input));
            check(list.validity() > 0, "UIDVALIDITY");
            check(list.uids().values().stream().allMatch(uid -> uid > 0 && uid < list.next()), "UID beyond the next");
            check(
                    List.copyOf(list.uids().values()).stream().distinct().count()
                            == list.uids().size(),
                    "UID given twice");
        } catch (MalformedUidListException | UnknownFormatException e) {
            // What has no header is no list; one of another version is refused.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
