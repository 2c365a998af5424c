package org.posthorn.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Domain;

/** What an administrator sees of the keys that sign, and does with them. */
public interface DkimAdmin {
    /**
     * A key.
     *
     * @param algorithm {@code rsa-sha256} or {@code ed25519-sha256}
     * @param state {@code made}, {@code published}, {@code active}, {@code retired} or {@code withdrawn}
     * @param since when it came into its state
     * @param waitsFor where it does not sign yet, what for
     * @param recordName where its record lies
     * @param record the text of the record
     * @param zoneLine the record as a line of a zone file
     */
    record Key(
            String selector,
            String algorithm,
            String state,
            Instant since,
            Optional<String> waitsFor,
            String recordName,
            String record,
            String zoneLine) {}

    /** The keys of a domain, the youngest first. */
    List<Key> keys(Domain domain) throws AdminException, IOException;

    /**
     * Makes a new key of each algorithm, which take over once their records are seen in DNS.
     *
     * @return the new ones
     */
    List<Key> rotate(Domain domain) throws AdminException, IOException;

    /**
     * Has keys sign without looking into DNS, in place of those of their algorithms that signed so far.
     *
     * @param selector of one; without it all that wait
     * @return the selectors of those that sign now
     */
    List<String> activate(Domain domain, Optional<String> selector) throws AdminException, IOException;

    /** Has a key sign no more; the last one of a domain cannot be retired. */
    void retire(Domain domain, String selector) throws AdminException, IOException;

    /**
     * Takes a key over that has been signing elsewhere, so that its record is in DNS; it signs from now on. One that signs here already
     * stays as it is.
     *
     * @param pem the private key, RSA or Ed25519
     */
    Put<Key> adopt(Domain domain, String selector, String pem) throws AdminException, IOException;
}
