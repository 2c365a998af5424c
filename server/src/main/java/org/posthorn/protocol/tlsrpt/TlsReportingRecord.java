package org.posthorn.protocol.tlsrpt;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The record at {@code _smtp._tls.DOMAIN}, which says who gets reports (RFC 8460 3).
 *
 * @param uris mailto and https URIs as they are written, at least one and at most {@value #MAX_URIS}
 */
public record TlsReportingRecord(List<String> uris) {
    /** URIs that are read; the RFC sets no limit. */
    public static final int MAX_URIS = 10;

    private static final int MAX_LENGTH = 4_000;
    private static final int MAX_FIELDS = 50;
    private static final Pattern RECORD = Pattern.compile("v=TLSRPTv1[ \t]*;.*", Pattern.DOTALL);
    private static final Pattern DELIMITER = Pattern.compile("[ \t]*;[ \t]*");
    private static final Pattern COMMA = Pattern.compile("[ \t]*,[ \t]*");
    // RFC 3986: what may stand in a URI; comma, semicolon and exclamation mark are encoded here
    private static final Pattern URI = Pattern.compile("(?i:mailto|https):[A-Za-z0-9._~:/?#\\[\\]@$&'()*+=%-]{1,500}");

    public TlsReportingRecord {
        uris = List.copyOf(uris);
    }

    /** The record among the texts of the name; empty where there is none, more than one, or one that is not well formed. */
    public static Optional<TlsReportingRecord> among(List<String> texts) {
        // RFC 8460 3: others are discarded, and unless exactly one remains the domain does not take part
        List<String> records =
                texts.stream().filter(text -> RECORD.matcher(text).matches()).toList();
        return records.size() == 1 ? parse(records.getFirst()) : Optional.empty();
    }

    private static Optional<TlsReportingRecord> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String[] fields = DELIMITER.split(text.strip(), MAX_FIELDS);
        // extensions are passed over; of several rua the first counts
        return Stream.of(fields)
                .skip(1)
                .filter(field -> field.startsWith("rua="))
                .findFirst()
                .map(field -> Stream.of(COMMA.split(field.substring(4).strip(), -1))
                        .filter(uri -> URI.matcher(uri).matches())
                        .distinct()
                        .limit(MAX_URIS)
                        .toList())
                .filter(uris -> !uris.isEmpty())
                .map(TlsReportingRecord::new);
    }
}
