package org.posthorn.protocol.dsn;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.posthorn.mail.HeaderAddress;
import org.posthorn.mail.Headers;
import org.posthorn.mail.mime.ContentType;
import org.posthorn.protocol.smtp.EnhancedStatus;

/**
 * Judges a message without status fields by what qmail, Exim, Exchange, the large providers and many others write. A daemon as the
 * author, the null reverse-path and words about a failure count; one of them alone makes no bounce out of a person's mail.
 */
final class BounceSigns {
    private static final List<String> DAEMONS = List.of(
            "mailer-daemon",
            "mail.delivery.system",
            "mail-daemon",
            "mailerdaemon",
            "mail delivery system",
            "mail deliver system",
            "mail delivery subsystem",
            "mailer daemon");
    private static final List<String> FAILURES = List.of(
            "undeliver",
            "delivery fail",
            "delivery has failed",
            "delivery failure",
            "delivery status",
            "delivery notification",
            "delivery system",
            "failure notice",
            "failure delivery",
            "returned mail",
            "returned message",
            "returning message",
            "returning to sender",
            "returned to sender",
            "mail failure",
            "mail failed",
            "mail system error",
            "could not be delivered",
            "could not deliver",
            "cannot be delivered",
            "wasn't able to deliver",
            "not delivered",
            "unable to deliver",
            "error sending your mail",
            "warning: message",
            "delayed",
            "permanent fatal error",
            "user unknown",
            "unknown user",
            "mailbox unavailable",
            "bounce");
    private static final Pattern STATUS = Pattern.compile("(?<![0-9.])[45]\\.[0-9]{1,3}\\.[0-9]{1,3}(?![0-9.])");
    private static final Pattern REPLY =
            Pattern.compile("(?m)(?:^|[ >:(\\[])(?:4[25]|5[05])[0-9][ -](?=[\\x20-\\x7e]{3})");
    private final Headers header;
    private final ContentType type;
    private final String text;

    BounceSigns(Headers header, ContentType type, String text) {
        this.header = header;
        this.type = type;
        this.text = text;
    }

    AutomaticMail judge() {
        Optional<String> failed = header.value("X-Failed-Recipients").filter(value -> !value.isBlank());
        if (failed.isPresent()) {
            // Exim and Google
            return bounce(Stream.of(failed.get().split(",", -1))
                    .map(String::strip)
                    .filter(address -> !address.isEmpty())
                    .limit(RecipientLines.MAX_RECIPIENTS)
                    .toList());
        }
        boolean nullPath = header.value("Return-Path").filter("<>"::equals).isPresent();
        boolean daemon = isDaemon();
        boolean report = type.is("multipart", "report")
                && type.parameter("report-type")
                        .filter("delivery-status"::equalsIgnoreCase)
                        .isPresent();
        String subject = header.first("Subject")
                .map(field -> field.decoded().toLowerCase(Locale.ROOT))
                .orElse("");
        boolean failure = speaksOfFailure(subject) || speaksOfFailure(text.toLowerCase(Locale.ROOT));
        boolean postmaster = author().startsWith("postmaster@") || author().startsWith("poostmaster@");
        boolean refusal = STATUS.matcher(text).find() || REPLY.matcher(text).find();
        if (daemon || report || (nullPath && failure && !isReply(subject)) || (postmaster && (failure || refusal))) {
            return bounce(RecipientLines.in(text));
        }
        return automaticOr(nullPath);
    }

    private AutomaticMail automaticOr(boolean nullPath) {
        Optional<String> submitted = header.value("Auto-Submitted")
                .filter(value -> !value.toLowerCase(Locale.ROOT).startsWith("no"));
        if (submitted.isPresent()) {
            // RFC 3834 5
            return new AutomaticMail.AutoReply("Auto-Submitted");
        }
        if (nullPath) {
            // RFC 3834 3.3: answers of machines have no sender either
            return new AutomaticMail.AutoReply("null reverse-path");
        }
        for (String name :
                List.of("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-MLServer", "Feedback-ID")) {
            if (header.has(name)) {
                return new AutomaticMail.AutoReply(name);
            }
        }
        String precedence = header.value("Precedence").orElse("").toLowerCase(Locale.ROOT);
        if (List.of("bulk", "junk", "auto_reply").contains(precedence)) {
            return new AutomaticMail.AutoReply("Precedence");
        }
        return new AutomaticMail.Ordinary(
                "no daemon is its author, it has a sender, and no field says that a machine wrote it");
    }

    /** Recipients that the text names, for a bounce whose status fields name none. */
    List<AutomaticMail.Recipient> recipients() {
        return bounce(RecipientLines.in(text)).recipients();
    }

    private AutomaticMail.Bounce bounce(List<String> addresses) {
        Matcher status = STATUS.matcher(text);
        Optional<EnhancedStatus> found = status.find() ? EnhancedStatus.startOf(status.group()) : Optional.empty();
        AutomaticMail.Action action = found.map(
                        code -> code.isPermanentFailure() ? AutomaticMail.Action.FAILED : AutomaticMail.Action.DELAYED)
                .orElse(AutomaticMail.Action.UNKNOWN);
        // one code is known, but not whose it is when there are several recipients
        return new AutomaticMail.Bounce(
                false,
                Optional.empty(),
                addresses.stream()
                        .map(address -> new AutomaticMail.Recipient(
                                address,
                                Optional.empty(),
                                addresses.size() == 1 ? action : AutomaticMail.Action.UNKNOWN,
                                addresses.size() == 1 ? found : Optional.empty(),
                                Optional.empty(),
                                ""))
                        .toList());
    }

    private boolean isDaemon() {
        Optional<String> from = header.value("From");
        String whole = from.orElse("").toLowerCase(Locale.ROOT);
        // qmail's kin write From: <> themselves
        return (from.isPresent() && whole.strip().equals("<>"))
                || DAEMONS.stream().anyMatch(whole::contains);
    }

    private String author() {
        List<HeaderAddress.Mailbox> mailboxes = HeaderAddress.mailboxes(
                HeaderAddress.parseList(header.value("From").orElse("")));
        return mailboxes.isEmpty()
                ? ""
                : (mailboxes.getFirst().localPart() + "@" + mailboxes.getFirst().domain()).toLowerCase(Locale.ROOT);
    }

    private static boolean isReply(String subject) {
        return subject.startsWith("automatic reply")
                || subject.startsWith("auto:")
                || subject.contains("out of office");
    }

    private static boolean speaksOfFailure(String lower) {
        return FAILURES.stream().anyMatch(lower::contains);
    }
}
