package org.posthorn.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.BodyHash;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimSigner;

/** The signers of our domains, kept as long as their keys stay the same. Thread-safe. */
public final class DkimSigners {
    private record Loaded(List<DkimKeyFile> files, DkimSigner signer) {}

    private final Function<Domain, List<DkimKeyFile>> keys;
    private final MailLog log;
    private final Map<Domain, Loaded> loaded = new ConcurrentHashMap<>();

    /**
     * @param keys names the key files of a domain, none for a domain whose mail is not signed; all of one domain, which may be one
     *     above it
     */
    public DkimSigners(Function<Domain, List<DkimKeyFile>> keys, MailLog log) {
        this.keys = keys;
        this.log = log;
    }

    /**
     * The signer of a domain; empty when it has no keys. A key that cannot be read is logged and left out.
     *
     * @throws IOException when it has keys and none of them can be read
     */
    public Optional<DkimSigner> of(Domain domain) throws IOException {
        List<DkimKeyFile> files = keys.apply(domain);
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Loaded known = loaded.get(domain);
        if (known != null && known.files().equals(files)) {
            return Optional.of(known.signer());
        }
        List<DkimKey> readable = new ArrayList<>();
        for (DkimKeyFile file : files) {
            read(file).ifPresent(readable::add);
        }
        if (readable.isEmpty()) {
            throw new IOException("no DKIM key of " + domain + " can be read");
        }
        DkimSigner signer = new DkimSigner(files.getFirst().domain(), readable);
        if (readable.size() == files.size()) {
            loaded.put(domain, new Loaded(List.copyOf(files), signer));
        }
        return Optional.of(signer);
    }

    /**
     * Signs a message that we write ourselves.
     *
     * @param fields its header in order
     * @param body what follows the empty line, in CRLF form
     * @return the DKIM-Signature fields to put before the header, each with CRLF; empty when the domain has no keys
     * @throws IOException when it has keys and none of them can be read
     */
    public Optional<String> sign(Domain domain, List<HeaderField> fields, byte[] body, Instant now) throws IOException {
        Optional<DkimSigner> signer = of(domain);
        if (signer.isEmpty()) {
            return Optional.empty();
        }
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.update(body, 0, body.length);
        return Optional.of(signer.get().sign(fields, hash.finish(), now));
    }

    private Optional<DkimKey> read(DkimKeyFile file) {
        try {
            return Optional.of(new DkimKey(file.selector(), PrivateKeys.parse(Files.readString(file.privateKey()))));
        } catch (IOException | IllegalArgumentException e) {
            log.failure(MailLog.Level.ERROR, "submission", "", "dkim-key-unreadable", e, "file", file.privateKey());
            return Optional.empty();
        }
    }
}
