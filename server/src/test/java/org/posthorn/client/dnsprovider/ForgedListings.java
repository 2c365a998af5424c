package org.posthorn.client.dnsprovider;

import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordReader;

/** Opens the readers of providers' answers to the fuzz target. */
public final class ForgedListings {
    private ForgedListings() {}

    /** Reads these bytes as every answer that a provider gives, and as every record. */
    public static void read(byte[] body) {
        try {
            JsonAnswer json = JsonAnswer.parse(body);
            HostingerProvider.groups("example.org", json)
                    .forEach(group -> group.records().forEach(record -> requireLine(record.zoneLine())));
            var _ = HostingerProvider.addresses(json);
            CloudflareProvider.records(json)
                    .forEach(entry -> requireLine(entry.record().zoneLine()));
        } catch (IllegalArgumentException e) {
            // No JSON: the one answer that readers give.
        }
        String text = new String(body, java.nio.charset.StandardCharsets.ISO_8859_1);
        for (PublishedType type : PublishedType.values()) {
            try {
                requireLine(RecordReader.parse(type, text).presentation());
            } catch (IllegalArgumentException e) {
                // No such record.
            }
        }
    }

    private static void requireLine(String line) {
        if (line.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalStateException("more than a line of text: " + line);
        }
    }
}
