package org.posthorn.dns;

import java.util.List;
import java.util.stream.Collectors;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/** What a server says about its failure besides SERVFAIL (RFC 8914). */
record ExtendedErrors(List<ExtendedErrorCodeOption> options) {
    /** Looked at; a server has no reason to send more. */
    private static final int MAX_OPTIONS = 4;

    private static final int MAX_TEXT = 200;

    static ExtendedErrors of(Message reply) {
        OPTRecord opt = reply.getOPT();
        return new ExtendedErrors(
                opt == null
                        ? List.of()
                        : opt.getOptions().stream()
                                .filter(ExtendedErrorCodeOption.class::isInstance)
                                .map(ExtendedErrorCodeOption.class::cast)
                                .limit(MAX_OPTIONS)
                                .toList());
    }

    /** RFC 8914 4.6 to 4.13: the server could answer, but for DNSSEC. */
    boolean sayBogus() {
        return options.stream()
                .anyMatch(option -> option.getErrorCode() >= ExtendedErrorCodeOption.DNSSEC_INDETERMINATE
                        && option.getErrorCode() <= ExtendedErrorCodeOption.NSEC_MISSING);
    }

    /** For example {@code " (EDE 7 SIGNATURE_EXPIRED: text of the server)"}; nothing for none. */
    @Override
    public String toString() {
        return options.stream()
                .map(option -> " (EDE " + option.getErrorCode() + " "
                        + ExtendedErrorCodeOption.text(option.getErrorCode()) + text(option) + ")")
                .collect(Collectors.joining());
    }

    private static String text(ExtendedErrorCodeOption option) {
        String text = option.getText();
        if (text == null || text.isEmpty()) {
            return "";
        }
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return ": " + clean.substring(0, Math.min(MAX_TEXT, clean.length()));
    }
}
