package org.posthorn.protocol.dsn;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The recipients that a notice in prose names, by the lines in which the software of vendors writes them. The surest form that is found
 * counts alone: an address alone on its line, then one behind a word that only a recipient follows, then one before its failure,
 * at last those of the transcript. Every repetition is bounded, so that no text takes long.
 */
final class RecipientLines {
    /** Recipients of a notice; more are not read. */
    static final int MAX_RECIPIENTS = 100;

    private static final String ADDRESS =
            "([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){0,10})";

    /** Where the notice quotes the message: nothing from there on is the daemon's. */
    private static final Pattern QUOTED =
            Pattern.compile("(?mi)^(?:received|return-path|dkim-signature|message-id|mime-version):[ \\t]");

    /** By falling certainty. */
    private static final List<Pattern> FORMS = List.of(
            // qmail, Exim and many more
            Pattern.compile("(?m)^[ \\t>]{0,20}<?" + ADDRESS + ">?:?[ \\t]{0,20}\\r?$"),
            // Words before it; sellers of filters, KDDI, Sun's Messaging Server, IMail, MailFoundry, Zoho
            Pattern.compile(
                    "(?mi)^[ \\t>\\[]{0,20}(?:recipient(?: address)?:|final-recipient: ?rfc822;|addressed to:|unknown user:"
                            + "|undeliverable to|(?:reason:  ?)?unable to deliver message to:?|delivery failed:|there was an error delivering your mail to"
                            + "|did not reach the following recipient:|the following recipients returned permanent errors:"
                            + "|status: error, address:|--|\\*)[ \\t]{1,20}<?"
                            + ADDRESS + "(?=[>.,;()\\s]|$)"),
            // Active!hunter
            Pattern.compile("(?m)^>>>[ \\t]{1,8}" + ADDRESS + "[ \\t]{1,8}<\\1>[ \\t]{0,20}\\r?$"),
            // The failure behind it: OpenSMTPD, Postfix, MX Logic, GMX, Exchange, Zoho
            Pattern.compile("(?m)^[ \\t]{0,20}[\"<]?" + ADDRESS
                    + "[\">]?[ \\t]{0,8}(?::[ \\t\\r\\n]|\\[[A-Za-z]|\\(expanded from"
                    + "|\\.\\.\\. [a-z]|on (?:[A-Za-z]{3,9},? )?[0-9]{1,4}[/. -]|Invalid Address|Error, ERROR_CODE)"),
            // Sendmail of old: a reply and the address that it is about
            Pattern.compile(
                    "(?m)^[45][0-5][0-9][ -](?:[45]\\.[0-9]{1,3}\\.[0-9]{1,3} )?<" + ADDRESS + ">(?:\\.\\.\\.|[:,])"),
            // The envelope in a transcript of the session
            Pattern.compile("(?mi)^[ \\t]{0,20}(?:>>>|<<<|sent <<<)[ \\t]{1,8}RCPT TO:[ ]?<" + ADDRESS + ">"));

    private RecipientLines() {}

    /** Addresses in the order in which they stand, each once; none where no line names one. */
    static List<String> in(String text) {
        var quoted = QUOTED.matcher(text);
        // A notice of which nothing is left quotes from its first line: then that is all there is.
        String own = quoted.find() && quoted.start() > 0 ? text.substring(0, quoted.start()) : text;
        for (Pattern form : FORMS) {
            Set<String> found = new LinkedHashSet<>();
            form.matcher(own)
                    .results()
                    .map((MatchResult match) -> match.group(1))
                    .limit(10L * MAX_RECIPIENTS)
                    .forEach(found::add);
            if (!found.isEmpty()) {
                return found.stream().limit(MAX_RECIPIENTS).toList();
            }
        }
        return List.of();
    }
}
