package org.posthorn.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;
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

    /**
     * Makes a key under a selector of this month, with a letter behind it from the second on, as {@code rsa202611b}. A file
     * of that name that nobody speaks for is taken, not overwritten: DNS may know its key from before a restore.
     *
     * @param taken selectors that are in use
     */
    DkimKeyEntry make(Domain domain, DkimAlgorithm algorithm, List<String> taken) {
        Instant now = clock.instant();
        String selector = unused(algorithm.keyType().equals("rsa") ? "rsa" : "ed", MONTH.format(now), taken);
        try {
            Path own = ownFolder(domain);
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
            return new DkimKeyEntry(domain, selector, algorithm, pem, text, DkimKeyState.MADE, now, now);
        } catch (IOException e) {
            throw cannotWrite(domain, e);
        }
    }

    /** Stores a key that was made elsewhere, RSA or Ed25519. */
    DkimKeyEntry store(Domain domain, String selector, PrivateKey key) {
        DkimAlgorithm algorithm = DkimKeyRecord.algorithm(key)
                .orElseThrow(() -> new DkimKeyException(
                        DkimKeyException.Reason.INVALID, "only RSA and Ed25519 keys can be taken over"));
        Instant now = clock.instant();
        try {
            // The selector becomes the name of a file; labels as in a domain make it one that is safe (RFC 6376 3.1).
            String name = Domain.parse(selector).name();
            Path own = ownFolder(domain);
            String text = DkimKeyRecord.text(key).orElseThrow();
            Path pem = own.resolve(name + ".pem");
            AtomicFiles.write(own.resolve(name + ".txt"), (text + "\n").getBytes(StandardCharsets.US_ASCII));
            AtomicFiles.write(pem, PrivateKeys.write(key).getBytes(StandardCharsets.US_ASCII));
            return new DkimKeyEntry(domain, selector, algorithm, pem, text, DkimKeyState.PUBLISHED, now, now);
        } catch (MalformedAddressException e) {
            throw new DkimKeyException(DkimKeyException.Reason.INVALID, "\"" + selector + "\" is not a selector");
        } catch (IOException e) {
            throw cannotWrite(domain, e);
        }
    }

    private Path ownFolder(Domain domain) throws IOException {
        Path own = folder.resolve(domain.name());
        Files.createDirectories(
                own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return own;
    }

    private DkimKeyException cannotWrite(Domain domain, IOException cause) {
        return new DkimKeyException("cannot write the DKIM keys of " + domain + " to " + folder + ": " + cause, cause);
    }

    private static String unused(String kind, String month, List<String> taken) {
        String selector = kind + month;
        for (char letter = 'b'; taken.contains(selector); letter++) {
            if (letter > 'z') {
                throw new DkimKeyException(
                        DkimKeyException.Reason.CONFLICT, "25 keys have been made this month already");
            }
            selector = kind + month + letter;
        }
        return selector;
    }
}
