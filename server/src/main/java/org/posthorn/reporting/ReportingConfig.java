package org.posthorn.reporting;

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
 * @param dmarc who sends DMARC reports; empty: none are sent
 * @param dmarcTo which of those who ask for DMARC reports get them
 * @param tls who sends TLS reports; empty: none are sent, and nothing is counted for them
 * @param tlsToPrivate whether TLS reports are uploaded to loopback and private addresses, and to other ports than 443, too
 */
public record ReportingConfig(
        Set<Address> mailboxes,
        Duration keep,
        Optional<Author> dmarc,
        DmarcReaders dmarcTo,
        Optional<Author> tls,
        boolean tlsToPrivate) {
    /**
     * Whom the reports that we send are from.
     *
     * @param organization who reports, for people
     * @param contact where questions go, for people
     */
    public record Author(String organization, Address from, Optional<String> contact) {}

    /**
     * Who gets DMARC reports.
     *
     * @param proven only domains of which mail passed and was taken
     * @param maxPerDay mails with such reports on one day (UTC); with this many no further report is begun
     */
    public record DmarcReaders(boolean proven, int maxPerDay) {
        /** What applies where nothing else is said. */
        static final DmarcReaders USUAL = new DmarcReaders(true, 1_000);
    }

    public ReportingConfig {
        mailboxes = Set.copyOf(mailboxes);
    }

    /** Reads the section {@code reports}. */
    public static ReportingConfig read(Section section, String hostname) {
        Section dmarc = section.section("dmarc");
        boolean sendDmarc = dmarc.flag("send", false);
        Optional<Address> from = dmarc.parsed("from", Address::parse);
        String organization = dmarc.text("organization", hostname);
        Optional<String> contact = dmarc.text("contact");
        if (sendDmarc && from.isEmpty() && !dmarc.has("from")) {
            dmarc.complain(
                    "send",
                    "needs reports.dmarc.from: the address that reports are from, in a domain of ours with DKIM keys");
        }
        Section tls = section.section("tls");
        boolean sendTls = tls.flag("send", false);
        Optional<Address> tlsFrom = tls.parsed("from", Address::parse).or(() -> from);
        if (sendTls && tlsFrom.isEmpty() && !tls.has("from") && !dmarc.has("from")) {
            tls.complain(
                    "send",
                    "needs reports.tls.from or reports.dmarc.from: the address that reports are from, in a domain of ours with DKIM keys");
        }
        String tlsOrganization = tls.text("organization", organization);
        Optional<String> tlsContact = tls.text("contact").or(() -> contact);
        return new ReportingConfig(
                mailboxes(section),
                section.duration("keep", "400d", "1d", "3650d"),
                from.filter(_ -> sendDmarc).map(address -> new Author(organization, address, contact)),
                new DmarcReaders(
                        dmarc.flag("only-proven", DmarcReaders.USUAL.proven()),
                        dmarc.integer("max-per-day", DmarcReaders.USUAL.maxPerDay(), 1, 100_000)),
                tlsFrom.filter(_ -> sendTls).map(address -> new Author(tlsOrganization, address, tlsContact)),
                tls.flag("to-private-addresses", false));
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
