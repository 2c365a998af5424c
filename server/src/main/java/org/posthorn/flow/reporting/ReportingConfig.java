package org.posthorn.flow.reporting;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.config.Section;
import org.posthorn.mail.Address;
import org.posthorn.mail.MalformedAddressException;

/**
 * Settings of reports.
 *
 * @param mailboxes addresses whose mail is read as reports too, canonical
 * @param keep how long received reports stay in the store
 * @param organization who reports, for people
 * @param from author of the reports that we send; empty: none are sent
 * @param contact where questions go, for people
 */
public record ReportingConfig(
        Set<Address> mailboxes, Duration keep, String organization, Optional<Address> from, Optional<String> contact) {
    public ReportingConfig {
        mailboxes = Set.copyOf(mailboxes);
    }

    /** Reads the section {@code reports}. */
    public static ReportingConfig read(Section section, String hostname) {
        Section dmarc = section.section("dmarc");
        boolean send = dmarc.flag("send", false);
        Optional<Address> from = dmarc.parsed("from", Address::parse);
        if (send && from.isEmpty() && !dmarc.has("from")) {
            dmarc.complain(
                    "send",
                    "needs reports.dmarc.from: the address that reports are from, in a domain of ours with DKIM keys");
        }
        return new ReportingConfig(
                mailboxes(section),
                section.duration("keep", "400d", "1d", "3650d"),
                dmarc.text("organization", hostname),
                from.filter(_ -> send),
                dmarc.text("contact"));
    }

    private static Set<Address> mailboxes(Section section) {
        Set<Address> mailboxes = new HashSet<>();
        for (String text : section.texts("mailboxes", List.of())) {
            try {
                mailboxes.add(Address.parse(text).canonical());
            } catch (MalformedAddressException e) {
                section.complain("mailboxes", String.valueOf(e.getMessage()));
            }
        }
        return mailboxes;
    }
}
