package org.posthorn.mail;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;

/** Finds the character set that a message names. Mail says less than it means: the superset that senders use is taken. */
public final class CharsetNames {
    private static final int MAX_LENGTH = 40;

    private CharsetNames() {}

    /** The character set of a name in any case; empty when it is unknown to this JDK. */
    public static Optional<Charset> find(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "utf-8", "utf8", "unicode-1-1-utf-8", "utf-8-mac" -> Optional.of(StandardCharsets.UTF_8);
            case "us-ascii", "ascii", "ansi_x3.4-1968", "646", "default", "7bit" ->
                Optional.of(StandardCharsets.US_ASCII);
            case "iso-8859-1", "latin1", "iso8859-1" -> lookUp("windows-1252");
            case "gb2312", "gbk", "x-gbk", "gb_2312-80" -> lookUp("GB18030");
            case "ks_c_5601-1987", "euc-kr", "ks_c_5601" -> lookUp("x-windows-949");
            case "shift_jis", "shift-jis", "sjis", "x-sjis" -> lookUp("windows-31j");
            case "iso-8859-8-i", "iso-8859-8-e" -> lookUp("ISO-8859-8");
            case "iso-2022-jp" -> lookUp("x-windows-iso2022jp");
            default -> lookUp(lower.startsWith("cp-") ? "cp" + lower.substring(3) : lower);
        };
    }

    private static Optional<Charset> lookUp(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return Optional.empty();
        }
    }
}
