package org.posthorn.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.storage.AtomicFiles;

/**
 * The DKIM keys as files {@code DOMAIN/SELECTOR.pem}, mode 0600, each with the record to publish beside it in
 * {@code SELECTOR.txt}. Selectors carry the month they were made in, so that keys can be changed later.
 */
final class DkimKeyFolder {
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyyMM").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final InstantSource clock;

    DkimKeyFolder(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    Path path() {
        return folder;
    }

    /** Makes a key of each kind; keys of this month that are there already are taken: DNS may know them. */
    List<DirectoryDatabase.Key> make(Domain domain) {
        String month = MONTH.format(clock.instant());
        List<DirectoryDatabase.Key> made = new ArrayList<>();
        try {
            Path own = folder.resolve(domain.name());
            Files.createDirectories(
                    own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            made.add(make(own, "rsa" + month, DkimAlgorithm.RSA_SHA256));
            made.add(make(own, "ed" + month, DkimAlgorithm.ED25519_SHA256));
            return made;
        } catch (IOException e) {
            throw new DirectoryException("cannot write the DKIM keys of " + domain + " to " + folder + ": " + e, e);
        }
    }

    private DirectoryDatabase.Key make(Path own, String selector, DkimAlgorithm algorithm) throws IOException {
        Path pem = own.resolve(selector + ".pem");
        Path record = own.resolve(selector + ".txt");
        if (Files.notExists(pem) || Files.notExists(record)) {
            KeyPair pair = DkimKeyRecord.generate(algorithm);
            AtomicFiles.write(
                    record,
                    (DkimKeyRecord.text(algorithm, pair.getPublic()) + "\n").getBytes(StandardCharsets.US_ASCII));
            AtomicFiles.write(pem, PrivateKeys.write(pair.getPrivate()).getBytes(StandardCharsets.US_ASCII));
        }
        String text = Files.readString(record).strip();
        return new DirectoryDatabase.Key(selector, folder.relativize(pem).toString(), text);
    }
}
