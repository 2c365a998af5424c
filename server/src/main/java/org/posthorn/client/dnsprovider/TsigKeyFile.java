package org.posthorn.client.dnsprovider;

import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.client.dnsprovider.DnsProviderException.Kind;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;

/**
 * Reads a TSIG key (RFC 8945): as BIND's {@code tsig-keygen} writes it, {@code key "NAME" { algorithm hmac-sha256; secret "...";
 * };}, or in one line as Knot's {@code keymgr -t} does, {@code hmac-sha256:NAME:SECRET}, also behind a {@code #}.
 */
final class TsigKeyFile {
    /** RFC 8945 6: those that are not to be used any more are left out. */
    private static final Set<String> ALGORITHMS = Set.of("hmac-sha256", "hmac-sha384", "hmac-sha512");

    private static final Pattern LINE = Pattern.compile(
            "^\\s*#?\\s*(hmac-[a-z0-9-]{1,20}):([A-Za-z0-9._-]{1,255}):([A-Za-z0-9+/=]{1,1024})\\s*$",
            Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("key\\s+\"?([A-Za-z0-9._-]{1,255})\"?\\s*\\{");
    private static final Pattern ALGORITHM = Pattern.compile("algorithm\\s+\"?([A-Za-z0-9-]{1,30})\"?\\s*;");
    private static final Pattern SECRET = Pattern.compile("secret\\s+\"?([A-Za-z0-9+/=]{1,1024})\"?\\s*;");

    private TsigKeyFile() {}

    static TSIG parse(String text) throws DnsProviderException {
        Matcher line = LINE.matcher(text);
        if (line.find()) {
            return key(line.group(1), line.group(2), line.group(3));
        }
        return key(
                first(ALGORITHM, text).orElse("hmac-sha256"),
                first(NAME, text).orElseThrow(TsigKeyFile::unreadable),
                first(SECRET, text).orElseThrow(TsigKeyFile::unreadable));
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static TSIG key(String algorithm, String name, String secret) throws DnsProviderException {
        String lower = algorithm.toLowerCase(Locale.ROOT);
        if (!ALGORITHMS.contains(lower)) {
            throw new DnsProviderException(
                    Kind.REFUSED, "the TSIG key is for " + algorithm + "; use hmac-sha256, hmac-sha384 or hmac-sha512");
        }
        try {
            Name keyName = Name.fromString(name.endsWith(".") ? name : name + ".");
            return new TSIG(
                    Name.fromString(lower + "."), keyName, Base64.getDecoder().decode(secret));
        } catch (TextParseException | IllegalArgumentException e) {
            throw unreadable();
        }
    }

    private static DnsProviderException unreadable() {
        return new DnsProviderException(
                Kind.REFUSED, "no TSIG key found in its file; make one with tsig-keygen NAME or keymgr -t NAME");
    }
}
