package org.posthorn.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Punycode (RFC 3492) for one label. */
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 0x80;

    private Punycode() {}

    /** RFC 3492 6.3; the label is at most 255 characters. */
    static String encode(String label) {
        int[] input = label.codePoints().toArray();
        StringBuilder output = new StringBuilder();
        label.chars().filter(c -> c < INITIAL_N).forEach(c -> output.append((char) c));
        int basic = output.length();
        int handled = basic;
        if (basic > 0) {
            output.append('-');
        }
        int n = INITIAL_N;
        int delta = 0;
        int bias = INITIAL_BIAS;
        while (handled < input.length) {
            int next = Integer.MAX_VALUE;
            for (int c : input) {
                next = c >= n ? Math.min(next, c) : next;
            }
            delta += (next - n) * (handled + 1);
            n = next;
            for (int c : input) {
                if (c < n) {
                    delta++;
                } else if (c == n) {
                    appendNumber(output, delta, bias);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return output.toString();
    }

    /** RFC 3492 6.2; empty for what is no Punycode. */
    static Optional<String> decode(String encoded) {
        int delimiter = encoded.lastIndexOf('-');
        List<Integer> decoded = new ArrayList<>();
        encoded.chars().limit(Math.max(0, delimiter)).forEach(decoded::add);
        int n = INITIAL_N;
        int bias = INITIAL_BIAS;
        long i = 0;
        int at = delimiter < 0 ? 0 : delimiter + 1;
        while (at < encoded.length()) {
            long before = i;
            long weight = 1;
            int k = BASE;
            int digit;
            int threshold;
            do {
                digit = at < encoded.length() ? digit(encoded.charAt(at++)) : -1;
                threshold = threshold(k, bias);
                i += digit * weight;
                weight *= BASE - threshold;
                k += BASE;
                if (digit < 0 || i > Integer.MAX_VALUE || weight > Integer.MAX_VALUE) {
                    return Optional.empty();
                }
            } while (digit >= threshold);
            int length = decoded.size() + 1;
            bias = adapt((int) (i - before), length, before == 0);
            n += (int) (i / length);
            i %= length;
            if (!Character.isValidCodePoint(n) || Character.getType(n) == Character.SURROGATE) {
                return Optional.empty();
            }
            decoded.add((int) i++, n);
        }
        StringBuilder text = new StringBuilder();
        decoded.forEach(text::appendCodePoint);
        return Optional.of(text.toString());
    }

    private static void appendNumber(StringBuilder output, int number, int bias) {
        int rest = number;
        int k = BASE;
        for (int threshold = threshold(k, bias); rest >= threshold; threshold = threshold(k, bias)) {
            output.append(character(threshold + (rest - threshold) % (BASE - threshold)));
            rest = (rest - threshold) / (BASE - threshold);
            k += BASE;
        }
        output.append(character(rest));
    }

    private static int threshold(int k, int bias) {
        return Math.clamp(k - bias, T_MIN, T_MAX);
    }

    /** RFC 3492 6.1. */
    private static int adapt(int delta, int points, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / points;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }

    private static char character(int digit) {
        return (char) (digit < 26 ? 'a' + digit : '0' + digit - 26);
    }

    private static int digit(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        return c >= '0' && c <= '9' ? c - '0' + 26 : -1;
    }
}
