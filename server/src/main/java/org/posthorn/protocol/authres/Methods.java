package org.posthorn.protocol.authres;

import java.net.InetAddress;
import java.util.Optional;

/** The registered methods with their properties (RFC 8601 2.7). Results are the registered names, such as {@code pass}. */
public final class Methods {
    /** RFC 6008 4: so many characters of a signature tell it from the others of a message. */
    private static final int TELLING = 8;

    private Methods() {}

    /** SMTP AUTH (2.7.4). */
    public static MethodResult auth(String result, String account) {
        return MethodResult.of("auth", result).with("smtp", "auth", account);
    }

    /** The name of the client's address, confirmed by the addresses of that name (3). */
    public static MethodResult iprev(String result, InetAddress client, Optional<String> name) {
        MethodResult iprev = MethodResult.of("iprev", result).with("policy", "iprev", client.getHostAddress());
        return name.map(iprev::remark).orElse(iprev);
    }

    /**
     * SPF of MAIL FROM (2.7.2).
     *
     * @param mailFrom the address or its domain
     */
    public static MethodResult spfOfMailFrom(String result, String mailFrom) {
        return MethodResult.of("spf", result).with("smtp", "mailfrom", mailFrom);
    }

    /** SPF of the name that the client gave itself. */
    public static MethodResult spfOfHelo(String result, String helo) {
        return MethodResult.of("spf", result).with("smtp", "helo", helo);
    }

    /**
     * One signature (2.7.1, RFC 6008); what is not known of it is left out.
     *
     * @param signature the b tag without white space
     */
    public static MethodResult dkim(
            String result,
            String domain,
            Optional<String> identity,
            Optional<String> selector,
            Optional<String> algorithm,
            String signature) {
        MethodResult dkim = MethodResult.of("dkim", result).with("header", "d", domain);
        dkim = with(dkim, "i", identity);
        dkim = with(dkim, "s", selector);
        dkim = with(dkim, "a", algorithm);
        String start = signature.substring(0, Math.min(TELLING, signature.length()));
        return with(dkim, "b", start.isEmpty() ? Optional.empty() : Optional.of(start));
    }

    private static MethodResult with(MethodResult dkim, String tag, Optional<String> value) {
        return value.map(known -> dkim.with("header", tag, known)).orElse(dkim);
    }

    /** The chain (RFC 8617 4.1.1, 5.2). */
    public static MethodResult arc(String result) {
        return MethodResult.of("arc", result);
    }

    /**
     * DMARC (RFC 9989 10.1).
     *
     * @param policy as the record has it
     * @param recordDomain where the record is, if not at the author's domain
     */
    public static MethodResult dmarc(
            String result, String from, Optional<String> policy, Optional<String> recordDomain) {
        MethodResult dmarc = MethodResult.of("dmarc", result).with("header", "from", from);
        MethodResult withPolicy = policy.map(p -> dmarc.with("polrec", "p", p)).orElse(dmarc);
        return recordDomain
                .map(domain -> withPolicy.with("polrec", "domain", domain))
                .orElse(withPolicy);
    }
}
