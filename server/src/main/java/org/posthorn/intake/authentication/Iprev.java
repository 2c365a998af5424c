package org.posthorn.intake.authentication;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;

/**
 * Whether an address has a name that leads back to it (RFC 8601 3).
 *
 * @param name the one that does
 */
public record Iprev(Result result, Optional<String> name) {
    /** Names of an address that are looked at; RFC 7208 4.6.4 looks at as many. */
    static final int MAX_NAMES = 10;

    static final Iprev UNKNOWN = new Iprev(Result.TEMPERROR, Optional.empty());

    /** RFC 8601 2.7.3. */
    public enum Result {
        PASS,
        FAIL,
        TEMPERROR,
        /** No name at all. */
        PERMERROR
    }

    static Iprev check(Resolver resolver, InetAddress client) {
        return switch (resolver.ptr(client)) {
            case Answer.Found<String> found -> confirm(resolver, client, found.records());
            case Answer.Failure<String> _ -> UNKNOWN;
            case Answer.NoData<String> _ -> new Iprev(Result.PERMERROR, Optional.empty());
            case Answer.NoSuchName<String> _ -> new Iprev(Result.PERMERROR, Optional.empty());
        };
    }

    private static Iprev confirm(Resolver resolver, InetAddress client, List<String> names) {
        boolean unsure = false;
        for (String name :
                names.stream().limit(MAX_NAMES).filter(Iprev::isHostName).toList()) {
            Answer<? extends InetAddress> addresses =
                    client instanceof Inet4Address ? resolver.ipv4(name) : resolver.ipv6(name);
            if (addresses.recordsOrNone().contains(client)) {
                return new Iprev(Result.PASS, Optional.of(name));
            }
            unsure |= addresses instanceof Answer.Failure<?>;
        }
        return unsure ? UNKNOWN : new Iprev(Result.FAIL, Optional.empty());
    }

    /** The reverse zone may say anything; what goes into the log and into Received is a name. */
    private static boolean isHostName(String name) {
        try {
            return !new Domain(name).isAddressLiteral();
        } catch (MalformedAddressException e) {
            return false;
        }
    }
}
