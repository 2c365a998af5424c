package org.posthorn.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.posthorn.admin.http.AdminClient;
import org.posthorn.admin.http.AdminHandler;
import org.posthorn.admin.http.StatusHandler;
import org.posthorn.cli.Program;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.net.ListenAddress;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Draft;
import org.posthorn.queue.Notifier;
import org.posthorn.queue.QueueConfig;
import org.posthorn.queue.QueueRunner;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.queue.Router;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.reporting.Reporting;
import org.posthorn.server.http.HttpServer;
import org.posthorn.signing.DkimKeyRing;

/** What an administrator works on, in a directory, where nobody delivers: the parts themselves, or the other end of a Unix socket. */
public final class AdminParts implements Closeable {
    public static final InstantSource CLOCK = () -> Instant.parse("2026-03-03T10:20:30.5Z");

    private static final Notifier NOBODY = new Notifier() {
        @Override
        public void failed(QueuedMessage message, List<Undelivered> recipients) {}

        @Override
        public void delayed(QueuedMessage message, List<Undelivered> recipients, Instant giveUp) {}
    };

    public final LocalDirectory directory;
    public final DkimKeyRing keys;
    public final MaildirStore mailboxes;
    /** Of reports that were asked to be sent. */
    public final List<String> sent = new ArrayList<>();

    /** Why mail cannot be moved aside. */
    public Optional<String> stuck = Optional.empty();

    private final FileSpool spool;
    private final QueueRunner queue;
    private final Reporting reporting;
    private final Path socket;
    private final Optional<HttpServer> http;

    /**
     * Makes them.
     *
     * @param keyFiles may be shared: making an RSA key takes long, and keys that are there are used again
     */
    public AdminParts(Path folder, Path keyFiles, boolean overHttp) throws IOException {
        directory = LocalDirectory.open(folder.resolve("directory.db"), PasswordCost.MINIMAL, CLOCK);
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), keyFiles, directory::isLocal, CLOCK);
        mailboxes =
                new MaildirStore(MaildirConfig.of(folder.resolve("mail"), "mx.posthorn.test"), MailLog.none(), CLOCK);
        QueueConfig config = QueueConfig.defaults(folder.resolve("spool"));
        spool = FileSpool.open(config, () -> {}, CLOCK, MailLog.none());
        queue = new QueueRunner(
                spool,
                config,
                address -> new Router.Route.To(
                        List.of(new Router.Hop(Destination.smtp(address.domain().name()), address))),
                List.of(),
                NOBODY,
                CLOCK,
                new Random(1),
                MailLog.none());
        reporting = Reporting.open(
                folder.resolve("reports.db"),
                () -> {
                    throw new IllegalStateException("reading asks for no configuration");
                },
                CLOCK,
                new Metrics(),
                MailLog.none());
        socket = folder.resolve("admin.sock");
        http = overHttp
                ? Optional.of(HttpServer.start(
                        List.of(new HttpServer.Site(
                                new ListenAddress.Unix(socket),
                                new AdminHandler(local(), new StatusHandler(List::of, _ -> {})))),
                        MailLog.none()))
                : Optional.empty();
    }

    private LocalAdmin local() {
        return new LocalAdmin(
                () -> List.of("a remark", "ä"),
                new LocalQueueAdmin(queue.control()),
                new LocalDomainAdmin(directory, directory, keys, key -> "DNS for " + key.selector()),
                new LocalAccountAdmin(directory, directory, this::setAside),
                new LocalAliasAdmin(directory, directory),
                new LocalDkimAdmin(keys, directory::isLocal, key -> "DNS for " + key.selector()),
                new LocalReportAdmin(
                        reporting.reader(), () -> _ -> Optional.of("mail.sender.example"), this::send, CLOCK));
    }

    private Optional<String> setAside(Address account) throws IOException {
        if (stuck.isPresent()) {
            throw new IOException(stuck.get());
        }
        return mailboxes.setAside(account);
    }

    private List<String> send(String kind, Optional<LocalDate> day) throws IOException {
        sent.add(kind + " " + day.map(Object::toString).orElse("due"));
        if (kind.equals("tls")) {
            throw new IOException("reports.tls.send is not switched on");
        }
        return day.isPresent() ? List.of("example.org: sent") : List.of();
    }

    public AdminApi admin() {
        return http.isPresent() ? AdminClient.of(socket).orElseThrow() : local();
    }

    /** What the command line needs to administer them. */
    public Program program() {
        return (Program) Proxy.newProxyInstance(
                Program.class.getClassLoader(), new Class<?>[] {Program.class}, (_, _, _) -> admin());
    }

    public Path socket() {
        return socket;
    }

    /** Puts a message of one line into the queue; returns its id. */
    public String queue(String sender, String... recipients) throws IOException {
        try (Draft draft = spool.begin()) {
            draft.write(new byte[] {'x', '\r', '\n'}, 0, 3);
            draft.commit(
                    new Envelope(
                            Optional.of(Address.parse(sender)),
                            Arrays.stream(recipients).map(Address::parse).toList(),
                            false,
                            false),
                    new byte[0]);
            return draft.id().text();
        }
    }

    /** Puts a message into an INBOX. */
    public void deliver(Address account, String key) throws MailboxException, IOException {
        byte[] text = "Subject: secret\r\n\r\nx\r\n".getBytes(US_ASCII);
        mailboxes.deliver(account, MailboxName.INBOX, key, new byte[0], MessageContent.of(text), 0, Flags.NONE, false);
    }

    /** How many messages lie in an INBOX. */
    public long messages(Address account) throws MailboxException, IOException {
        try (AccountMail mail = mailboxes.open(account)) {
            return mail.status(MailboxName.INBOX).messages();
        }
    }

    /** A DMARC report about a domain with so many sources. */
    public static String dmarc(String id, String domain, int sources) {
        StringBuilder xml =
                new StringBuilder("<feedback><report_metadata><org_name>O</org_name><report_id>" + id + "</report_id>"
                        + "<date_range><begin>1772323200</begin><end>1772409599</end></date_range></report_metadata>"
                        + "<policy_published><domain>" + domain + "</domain><p>none</p></policy_published>");
        for (int i = 0; i < sources; i++) {
            xml.append("<record><row><source_ip>192.0.")
                    .append(i / 256)
                    .append('.')
                    .append(i % 256)
                    .append("</source_ip><count>1</count><policy_evaluated><disposition>none</disposition>")
                    .append("<dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>")
                    .append(domain)
                    .append("</header_from></identifiers><auth_results/></record>");
        }
        return xml.append("</feedback>").toString();
    }

    @Override
    public void close() throws IOException {
        if (http.isPresent()) {
            http.get().close();
        }
        reporting.close();
        queue.close();
        spool.close();
        mailboxes.close();
        keys.close();
        directory.close();
    }
}
