package org.posthorn.protocol.spf;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.mail.Network;

/** The grammar of RFC 7208 12: terms after the version. */
final class SpfParser {
    private static final Pattern MODIFIER = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=(.*)", Pattern.DOTALL);
    private static final Pattern MECHANISM = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)(.*)", Pattern.DOTALL);
    private static final Pattern DUAL_CIDR = Pattern.compile("(?:/(0|[1-9][0-9]?))?(?://(0|[1-9][0-9]{0,2}))?$");
    private static final Pattern IP4_CIDR = Pattern.compile("([0-9.]+)(?:/(0|[1-9][0-9]?))?");
    private static final Pattern IP6_CIDR = Pattern.compile("([0-9A-Fa-f:.]+)(?:/(0|[1-9][0-9]{0,2}))?");
    private static final Pattern IP4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

    private final List<Directive> directives = new ArrayList<>();
    private final List<Modifier> modifiers = new ArrayList<>();

    SpfRecord parse(String terms) {
        for (String term : terms.split(" +", -1)) {
            if (term.isEmpty()) {
                continue;
            }
            try {
                Matcher modifier = MODIFIER.matcher(term);
                if (modifier.matches()) {
                    add(modifier(modifier.group(1), modifier.group(2)));
                } else {
                    directives.add(directive(term));
                }
            } catch (MalformedSpfException e) {
                throw new MalformedSpfException("\"" + shortened(term) + "\": " + e.getMessage());
            }
        }
        return new SpfRecord(directives, modifiers);
    }

    private static String shortened(String term) {
        return term.length() > 100 ? term.substring(0, 100) + "..." : term;
    }

    /** RFC 7208 6: redirect and exp at most once each. */
    private void add(Modifier modifier) {
        boolean known = !(modifier instanceof Modifier.Unknown);
        if (known && modifiers.stream().anyMatch(other -> other.getClass().equals(modifier.getClass()))) {
            throw new MalformedSpfException("stands there twice");
        }
        modifiers.add(modifier);
    }

    private static Modifier modifier(String name, String value) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "redirect" -> new Modifier.Redirect(MacroString.domainSpec(value));
            case "exp" -> new Modifier.Explanation(MacroString.domainSpec(value));
            default -> new Modifier.Unknown(name, MacroString.parse(value, false));
        };
    }

    private static Directive directive(String term) {
        for (Qualifier qualifier : Qualifier.values()) {
            if (term.charAt(0) == qualifier.sign()) {
                return new Directive(qualifier, mechanism(term.substring(1)), term);
            }
        }
        return new Directive(Qualifier.PASS, mechanism(term), term);
    }

    private static Mechanism mechanism(String term) {
        Matcher matcher = MECHANISM.matcher(term);
        if (!matcher.matches()) {
            throw new MalformedSpfException("no mechanism");
        }
        String rest = matcher.group(2);
        return switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
            case "all" -> all(rest);
            case "include" -> new Mechanism.Include(MacroString.domainSpec(argument(rest)));
            case "exists" -> new Mechanism.Exists(MacroString.domainSpec(argument(rest)));
            case "ptr" -> new Mechanism.Ptr(optionalDomain(rest));
            case "a" -> new Mechanism.A(optionalDomain(withoutCidr(rest)), prefixes(rest));
            case "mx" -> new Mechanism.Mx(optionalDomain(withoutCidr(rest)), prefixes(rest));
            case "ip4" -> new Mechanism.Ip4(ip4(argument(rest)));
            case "ip6" -> new Mechanism.Ip6(ip6(argument(rest)));
            default -> throw new MalformedSpfException("no such mechanism");
        };
    }

    private static Mechanism all(String rest) {
        if (!rest.isEmpty()) {
            throw new MalformedSpfException("all takes no argument");
        }
        return new Mechanism.All();
    }

    private static String argument(String rest) {
        if (!rest.startsWith(":") || rest.length() == 1) {
            throw new MalformedSpfException("the argument is missing");
        }
        return rest.substring(1);
    }

    private static Optional<MacroString> optionalDomain(String rest) {
        return rest.isEmpty() ? Optional.empty() : Optional.of(MacroString.domainSpec(argument(rest)));
    }

    private static String withoutCidr(String rest) {
        Matcher cidr = DUAL_CIDR.matcher(rest);
        return cidr.find() ? rest.substring(0, cidr.start()) : rest;
    }

    private static Mechanism.Prefixes prefixes(String rest) {
        Matcher cidr = DUAL_CIDR.matcher(rest);
        return cidr.find()
                ? new Mechanism.Prefixes(prefix(cidr.group(1), 32), prefix(cidr.group(2), 128))
                : Mechanism.Prefixes.WHOLE;
    }

    private static int prefix(String digits, int most) {
        int prefix = digits == null ? most : Integer.parseInt(digits);
        if (prefix > most) {
            throw new MalformedSpfException("a prefix of more than " + most + " bits");
        }
        return prefix;
    }

    private static Network ip4(String text) {
        Matcher matcher = IP4_CIDR.matcher(text);
        if (!matcher.matches() || !IP4.matcher(matcher.group(1)).matches()) {
            throw new MalformedSpfException("not an IPv4 network");
        }
        return new Network(Inet4Address.ofLiteral(matcher.group(1)), prefix(matcher.group(2), 32));
    }

    private static Network ip6(String text) {
        Matcher matcher = IP6_CIDR.matcher(text);
        if (!matcher.matches() || !matcher.group(1).contains(":")) {
            throw new MalformedSpfException("not an IPv6 network");
        }
        try {
            return new Network(sixteenOctets(InetAddress.ofLiteral(matcher.group(1))), prefix(matcher.group(2), 128));
        } catch (MalformedSpfException e) {
            throw e;
        } catch (IllegalArgumentException | UnknownHostException e) {
            throw new MalformedSpfException("not an IPv6 network");
        }
    }

    /** Java makes an IPv4 address of a mapped one, which no IPv6 client has. */
    private static InetAddress sixteenOctets(InetAddress address) throws UnknownHostException {
        if (!(address instanceof Inet4Address)) {
            return address;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(address.getAddress(), 0, mapped, 12, 4);
        return Inet6Address.getByAddress("", mapped, -1);
    }
}
