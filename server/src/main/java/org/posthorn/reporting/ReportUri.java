package org.posthorn.reporting;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.mail.Address;

/**
 * Where a report is to go: a mailto URI of a rua tag, perhaps with a limit of size.
 *
 * @param limit the largest mail it takes, octets
 */
record ReportUri(Address address, long limit) {
    /** RFC 7489 6.2: {@code !} and a number of octets, or of 1024^1 to 1024^4 of them; RFC 9990 3.5 still minds it. */
    private static final Pattern SIZE = Pattern.compile("!([0-9]{1,9})([kmgt]?)$", Pattern.CASE_INSENSITIVE);

    /** Empty for another scheme, and for what is no address. */
    static Optional<ReportUri> parse(String uri) {
        String text = uri.strip();
        if (text.length() > 500 || !text.regionMatches(true, 0, "mailto:", 0, 7)) {
            return Optional.empty();
        }
        long limit = Long.MAX_VALUE;
        Matcher size = SIZE.matcher(text);
        if (size.find()) {
            int power = " kmgt"
                    .indexOf(
                            size.group(2).isEmpty()
                                    ? ' '
                                    : size.group(2).toLowerCase(Locale.ROOT).charAt(0));
            limit = Long.parseLong(size.group(1)) << (10 * power);
            text = text.substring(0, size.start());
        }
        try {
            String address = text.substring(7).split("[?]", 2)[0].replace("+", "%2B");
            return Optional.of(new ReportUri(Address.parse(URLDecoder.decode(address, StandardCharsets.UTF_8)), limit));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}
