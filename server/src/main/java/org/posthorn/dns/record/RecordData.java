package org.posthorn.dns.record;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What a record says. Equal data are the same record, whatever way they were written. */
public sealed interface RecordData {
    /** Octets of the text of a TXT record, its strings joined: what still fits into a record of 65,535 octets. */
    int MAX_TEXT = 65_000;

    int MAX_16_BITS = 65_535;

    PublishedType type();

    /** The form of zone files (RFC 1035 5.1): names with final dot, strings in quotes. */
    String presentation();

    /** What web forms ask for: without quotes and final dots, and without the number that {@link #rank} has. */
    String plain();

    /** The number that web forms ask for apart: of MX and SRV. */
    default OptionalInt rank() {
        return OptionalInt.empty();
    }

    /** A or AAAA (RFC 1035 3.4.1, RFC 3596 2.1). */
    record Address(InetAddress address) implements RecordData {
        @Override
        public PublishedType type() {
            return address instanceof Inet4Address ? PublishedType.A : PublishedType.AAAA;
        }

        @Override
        public String presentation() {
            return AddressText.of(address);
        }

        @Override
        public String plain() {
            return presentation();
        }
    }

    /**
     * RFC 5321 5.1.
     *
     * @param exchange "" is a null MX (RFC 7505)
     */
    record Mx(int preference, String exchange) implements RecordData {
        public Mx {
            require16Bits(preference);
            Names.checkTarget(exchange);
        }

        @Override
        public PublishedType type() {
            return PublishedType.MX;
        }

        @Override
        public String presentation() {
            return preference + " " + exchange + ".";
        }

        @Override
        public String plain() {
            return exchange.isEmpty() ? "." : exchange;
        }

        @Override
        public OptionalInt rank() {
            return OptionalInt.of(preference);
        }
    }

    /**
     * RFC 1035 3.3.14.
     *
     * @param text the strings joined, one char an octet
     */
    record Txt(String text) implements RecordData {
        private static final int STRING = 255;

        public Txt {
            if (text.length() > MAX_TEXT || !text.chars().allMatch(c -> c <= 0xff)) {
                throw new IllegalArgumentException("a text of more than " + MAX_TEXT + " octets, or not of octets");
            }
        }

        @Override
        public PublishedType type() {
            return PublishedType.TXT;
        }

        /** RFC 1035 3.3.14: strings of at most 255 octets, which readers join (RFC 6376 3.6.2.2, RFC 7208 3.3). */
        @Override
        public String presentation() {
            StringBuilder strings = new StringBuilder(text.length() + 16);
            int at = 0;
            do {
                int end = Math.min(at + STRING, text.length());
                strings.append(at == 0 ? "" : " ").append(quoted(text.substring(at, end)));
                at = end;
            } while (at < text.length());
            return strings.toString();
        }

        @Override
        public String plain() {
            return text;
        }
    }

    record Cname(String target) implements RecordData {
        public Cname {
            Names.check(target);
        }

        @Override
        public PublishedType type() {
            return PublishedType.CNAME;
        }

        @Override
        public String presentation() {
            return target + ".";
        }

        @Override
        public String plain() {
            return target;
        }
    }

    /**
     * RFC 2782.
     *
     * @param target "" says that the service is not offered
     */
    record Srv(int priority, int weight, int port, String target) implements RecordData {
        public Srv {
            require16Bits(priority);
            require16Bits(weight);
            require16Bits(port);
            Names.checkTarget(target);
        }

        @Override
        public PublishedType type() {
            return PublishedType.SRV;
        }

        @Override
        public String presentation() {
            return priority + " " + weight + " " + port + " " + target + ".";
        }

        @Override
        public String plain() {
            return weight + " " + port + " " + (target.isEmpty() ? "." : target);
        }

        @Override
        public OptionalInt rank() {
            return OptionalInt.of(priority);
        }
    }

    /**
     * RFC 6698.
     *
     * @param association in hexadecimal, lower case
     */
    record Tlsa(int usage, int selector, int matching, String association) implements RecordData {
        private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2}){1,32768}");

        public Tlsa {
            require8Bits(usage);
            require8Bits(selector);
            require8Bits(matching);
            association = association.toLowerCase(Locale.ROOT);
            if (!HEX.matcher(association).matches()) {
                throw new IllegalArgumentException("the data of a TLSA record are octets in hexadecimal");
            }
        }

        @Override
        public PublishedType type() {
            return PublishedType.TLSA;
        }

        @Override
        public String presentation() {
            return usage + " " + selector + " " + matching + " " + association;
        }

        @Override
        public String plain() {
            return presentation();
        }
    }

    /**
     * RFC 8659.
     *
     * @param flags 128 is critical
     */
    record Caa(int flags, String tag, String value) implements RecordData {
        private static final Pattern TAG = Pattern.compile("[a-z0-9]{1,255}");

        public Caa {
            require8Bits(flags);
            tag = tag.toLowerCase(Locale.ROOT);
            if (!TAG.matcher(tag).matches()
                    || value.length() > MAX_TEXT
                    || !value.chars().allMatch(c -> c <= 0xff)) {
                throw new IllegalArgumentException("not the data of a CAA record");
            }
        }

        @Override
        public PublishedType type() {
            return PublishedType.CAA;
        }

        @Override
        public String presentation() {
            return flags + " " + tag + " " + quoted(value);
        }

        @Override
        public String plain() {
            return flags + " " + tag + " " + value;
        }
    }

    record Ptr(String target) implements RecordData {
        public Ptr {
            Names.check(target);
        }

        @Override
        public PublishedType type() {
            return PublishedType.PTR;
        }

        @Override
        public String presentation() {
            return target + ".";
        }

        @Override
        public String plain() {
            return target;
        }
    }

    private static void require16Bits(int number) {
        if (number < 0 || number > MAX_16_BITS) {
            throw new IllegalArgumentException(number + " is not from 0 to " + MAX_16_BITS);
        }
    }

    private static void require8Bits(int number) {
        if (number < 0 || number > 255) {
            throw new IllegalArgumentException(number + " is not from 0 to 255");
        }
    }

    /** RFC 1035 5.1: in quotes, with a backslash before what would end them, and numbers for what is not to be seen. */
    private static String quoted(String octets) {
        StringBuilder text = new StringBuilder(octets.length() + 2).append('"');
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                text.append(c);
            } else {
                text.append('\\').append(String.format(Locale.ROOT, "%03d", (int) c));
            }
        }
        return text.append('"').toString();
    }
}
