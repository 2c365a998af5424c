package org.posthorn.zone;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.posthorn.dns.ReverseName;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Address;

/** Makes the records of one domain. */
public final class DesiredRecords {
    private static final int PREFERENCE = 10;
    private static final int SMTP_PORT = 25;

    private final DomainFacts facts;
    private final ZoneConfig config;
    private final String domain;
    private final String host;
    private final List<DesiredRecord> records = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private DesiredRecords(DomainFacts facts, ZoneConfig config) {
        this.facts = facts;
        this.config = config;
        this.domain = facts.domain().name();
        this.host = facts.host().name();
    }

    /**
     * The records, whole.
     *
     * @throws IllegalArgumentException for a domain that is an address in brackets, which has no zone
     */
    public static DomainRecords of(DomainFacts facts, ZoneConfig config) {
        if (facts.domain().isAddressLiteral() || facts.host().isAddressLiteral()) {
            throw new IllegalArgumentException("an address in brackets has no DNS records");
        }
        DesiredRecords desired = new DesiredRecords(facts, config);
        desired.host();
        desired.exchange();
        desired.senderPolicy();
        desired.signatures();
        desired.dmarc();
        desired.transportSecurity();
        desired.certificates();
        desired.clients();
        desired.reverse();
        return new DomainRecords(facts.domain(), desired.records, desired.notes);
    }

    /** The policy to serve for the domain, where one is. */
    public static StsPolicy policy(StsPolicy.Mode mode, DomainFacts facts, ZoneConfig config) {
        return new StsPolicy(mode, List.of(facts.host().name()), config.stsAge());
    }

    private void add(String name, RecordData data, Purpose purpose, Need need, String reason) {
        records.add(new DesiredRecord(new ZoneRecord(name, config.ttl(), data), purpose, need, reason));
    }

    private void host() {
        if (facts.addresses().isEmpty()) {
            notes.add("The public addresses of " + host
                    + " are not known, so its A, AAAA and PTR records are left out: no"
                    + " interface of this machine has a public address; write them to dns.publish.addresses");
        }
        for (InetAddress address : facts.addresses()) {
            add(
                    host,
                    new RecordData.Address(address),
                    Purpose.ADDRESS,
                    Need.REQUIRED,
                    "Other servers and mail clients find this server by it");
        }
    }

    private void exchange() {
        add(
                domain,
                new RecordData.Mx(PREFERENCE, host),
                Purpose.MX,
                Need.REQUIRED,
                "Tells other servers that mail for " + domain + " goes to " + host);
    }

    /** RFC 7208: {@code a:HOST} in place of {@code mx}, which would name a filter or a backup server too. */
    private void senderPolicy() {
        StringJoiner policy = new StringJoiner(" ").add("v=spf1").add("a:" + host);
        config.senders().forEach(policy::add);
        policy.add(config.strictSpf() ? "-all" : "~all");
        add(
                domain,
                new RecordData.Txt(policy.toString()),
                Purpose.SPF,
                Need.REQUIRED,
                "Lists who may send mail as " + domain + ", so that others can tell forgeries");
        if (!host.equals(domain)) {
            // RFC 7208 2.4: mail without a sender, as bounces are, is judged by the name in EHLO.
            add(
                    host,
                    new RecordData.Txt("v=spf1 a -all"),
                    Purpose.SPF,
                    Need.RECOMMENDED,
                    "The same for bounces, which are judged by the server's own name");
        }
    }

    private void signatures() {
        for (DomainFacts.DkimText key : facts.keys()) {
            add(
                    key.selector() + "._domainkey." + domain,
                    new RecordData.Txt(key.text()),
                    Purpose.DKIM,
                    Need.REQUIRED,
                    "Others verify our signatures with this key, of selector " + key.selector());
        }
        if (facts.keys().isEmpty()) {
            notes.add("There is no DKIM key for " + domain + ": its mail goes out unsigned");
        }
    }

    private void dmarc() {
        Address reports = reports();
        add(
                "_dmarc." + domain,
                new RecordData.Txt("v=DMARC1; p=" + config.dmarc().name().toLowerCase(Locale.ROOT) + "; rua=mailto:"
                        + mailto(reports)),
                Purpose.DMARC,
                Need.REQUIRED,
                switch (config.dmarc()) {
                    case NONE ->
                        "Asks others to report who sends as " + domain
                                + " and to refuse nothing yet; when the reports show"
                                + " only senders of yours, set dns.publish.dmarc-policy to quarantine, then to reject";
                    case QUARANTINE ->
                        "Asks others to put mail that only claims to be from " + domain + " aside as spam";
                    case REJECT -> "Asks others to refuse mail that only claims to be from " + domain;
                });
        String receiver = reports.domain().name();
        if (!related(receiver, domain)) {
            add(
                    domain + "._report._dmarc." + receiver,
                    new RecordData.Txt("v=DMARC1"),
                    Purpose.DMARC_CONSENT,
                    Need.REQUIRED,
                    "Without it nobody sends reports about " + domain + " to an address at " + receiver);
        }
    }

    /** RFC 9990 4: consent is needed where the organizational domains differ; names above each other share theirs. */
    private static boolean related(String one, String other) {
        return one.equals(other) || one.endsWith("." + other) || other.endsWith("." + one);
    }

    private Address reports() {
        return config.reports().orElseGet(() -> Address.parse("postmaster@" + domain));
    }

    /** RFC 3986 2.1; RFC 9989 4.7 wants the comma and the exclamation mark encoded too. */
    private static String mailto(Address address) {
        StringBuilder uri = new StringBuilder();
        for (byte octet : address.toString().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~@+".indexOf(c) >= 0;
            uri.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return uri.toString();
    }

    private void transportSecurity() {
        config.sts().ifPresent(mode -> {
            add(
                    "_mta-sts." + domain,
                    new RecordData.Txt(
                            "v=STSv1; id=" + policy(mode, facts, config).id()),
                    Purpose.MTA_STS,
                    Need.RECOMMENDED,
                    "Says that a policy demands TLS for mail to " + domain + "; the id changes with the policy");
            add(
                    "mta-sts." + domain,
                    new RecordData.Cname(host),
                    Purpose.MTA_STS_HOST,
                    Need.RECOMMENDED,
                    "The policy is fetched from this name over https");
        });
        add(
                "_smtp._tls." + domain,
                new RecordData.Txt("v=TLSRPTv1; rua=mailto:" + mailto(reports())),
                Purpose.TLSRPT,
                Need.RECOMMENDED,
                "Asks others to report when they cannot reach us over TLS");
    }

    private void certificates() {
        for (PublicKey key : facts.certified()) {
            add(
                    "_" + SMTP_PORT + "._tcp." + host,
                    new RecordData.Tlsa(3, 1, 1, sha256(key.getEncoded())),
                    Purpose.TLSA,
                    Need.WITH_DNSSEC,
                    "Ties the server's key to its name, so that nobody between can read mail to us; only signed zones count");
        }
        if (facts.certified().isEmpty()) {
            notes.add("The certificate of " + host + " was not found, so its TLSA record is left out");
        }
        for (String authority : config.authorities()) {
            add(
                    host,
                    new RecordData.Caa(0, "issue", authority),
                    Purpose.CAA,
                    Need.RECOMMENDED,
                    "Lets only " + authority + " (and others named so) issue certificates for " + host);
        }
        if (config.authorities().isEmpty()) {
            notes.add("No CAA record: name the authority of your certificates in dns.publish.caa-issuers to have one");
        }
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void clients() {
        for (DomainFacts.ClientService service : facts.services()) {
            boolean offered = service.port() > 0;
            // RFC 6186 3.4: the root as target says that the service is not offered.
            add(
                    "_" + service.name() + "._tcp." + domain,
                    offered
                            ? new RecordData.Srv(service.rank(), 1, service.port(), host)
                            : new RecordData.Srv(0, 0, 0, ""),
                    Purpose.SERVICE,
                    Need.RECOMMENDED,
                    offered
                            ? "Mail clients set themselves up by it for " + service.name()
                            : "Tells mail clients that " + service.name() + " is not offered");
        }
        if (config.autoconfig()) {
            for (String name : List.of("autoconfig", "autodiscover")) {
                add(
                        name + "." + domain,
                        new RecordData.Cname(host),
                        Purpose.AUTOCONFIG,
                        Need.RECOMMENDED,
                        "Mail clients fetch their settings from this name");
            }
        }
    }

    private void reverse() {
        for (InetAddress address : facts.addresses()) {
            add(
                    ReverseName.of(address),
                    new RecordData.Ptr(host),
                    Purpose.REVERSE,
                    Need.REQUIRED,
                    "Many servers refuse mail from an address that does not resolve back to its name; whoever gave you"
                            + " the address sets it");
        }
    }
}
