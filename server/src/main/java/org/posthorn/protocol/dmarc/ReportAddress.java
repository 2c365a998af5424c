package org.posthorn.protocol.dmarc;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an owner wants reports sent (RFC 9989 4.6).
 *
 * @param uri without the size that RFC 7489 6.2 let stand behind it
 * @param size that size with its exclamation mark, such as {@code !10m}; "" for none
 */
public record ReportAddress(URI uri, String size) {
    /** Of one tag; the rest is not read. */
    static final int MAX_ADDRESSES = 20;

    private static final Pattern SIZE = Pattern.compile("![0-9]{1,19}[kmgtKMGT]?$");

    /** The address of a mailto URI, without its query; empty for every other scheme. */
    public Optional<String> mailbox() {
        if (!"mailto".equalsIgnoreCase(uri.getScheme())) {
            return Optional.empty();
        }
        String path = uri.getRawSchemeSpecificPart().replaceFirst("\\?.*", "");
        try {
            String address = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
            return address.indexOf('@') > 0 ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The addresses of a list; what is no URI is left out. */
    static List<ReportAddress> list(String value) {
        List<ReportAddress> addresses = new ArrayList<>();
        int start = 0;
        while (start <= value.length() && addresses.size() < MAX_ADDRESSES) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            of(value.substring(start, end).strip()).ifPresent(addresses::add);
            start = end + 1;
        }
        return addresses;
    }

    private static Optional<ReportAddress> of(String text) {
        try {
            Matcher size = SIZE.matcher(text);
            int end = size.find() ? size.start() : text.length();
            URI uri = new URI(text.substring(0, end));
            boolean useful = uri.isAbsolute() && !uri.getSchemeSpecificPart().isEmpty();
            return useful ? Optional.of(new ReportAddress(uri, text.substring(end))) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
