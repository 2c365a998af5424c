package org.posthorn.signing;

import java.nio.file.Path;
import java.time.Instant;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;

/**
 * A signing key and where it stands in its life.
 *
 * @param privateKey the PEM file; deleted once the key is withdrawn
 * @param record the text of the TXT record that belongs into DNS at present
 * @param since when it came into its state
 */
public record DkimKeyEntry(
        Domain domain,
        String selector,
        DkimAlgorithm algorithm,
        Path privateKey,
        String record,
        DkimKeyState state,
        Instant made,
        Instant since) {
    /** Where its record lies. */
    public String recordName() {
        return DkimKeyRecord.name(selector, domain);
    }

    /** Its record as a line of a zone file, cut into strings of 255 octets. */
    public String zoneLine() {
        StringBuilder strings = new StringBuilder();
        for (int i = 0; i < record.length(); i += 255) {
            strings.append(" \"")
                    .append(record, i, Math.min(record.length(), i + 255))
                    .append('"');
        }
        return recordName() + ". IN TXT" + (record.length() > 255 ? " (" + strings + " )" : strings);
    }
}
