package org.posthorn.intake;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.posthorn.mail.Envelope;

/** Writes the trace field that every server puts before a message (RFC 5321 4.4). Thread-safe. */
public final class ReceivedField {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final String hostname;
    private final InstantSource clock;
    private final ZoneId zone = ZoneId.systemDefault();

    /** @param hostname our name, behind {@code by} */
    public ReceivedField(String hostname, InstantSource clock) {
        this.hostname = hostname;
        this.clock = clock;
    }

    /** The field with its CRLF. The recipient is named where there is one only: others are not to know of each other (7.2). */
    public byte[] text(SmtpClient client, Envelope envelope, String queueId) {
        return text(client, "unknown", envelope, queueId);
    }

    /** The same with the name of the client's address, which leads back to it. */
    public byte[] text(SmtpClient client, String name, Envelope envelope, String queueId) {
        String helo = client.helo().isEmpty() ? "unknown" : client.helo();
        return text(helo + " (" + name + " " + literal(client.remote().getAddress()) + ")", client, envelope, queueId);
    }

    /** The same without the client's address and the name it gave: for submitted mail, whose author may be anywhere. */
    public byte[] textWithoutClient(SmtpClient client, Envelope envelope, String queueId) {
        return text("localhost (authenticated client)", client, envelope, queueId);
    }

    private byte[] text(String from, SmtpClient client, Envelope envelope, String queueId) {
        StringBuilder text = new StringBuilder(320);
        text.append("Received: from ").append(from).append("\r\n");
        text.append("\tby ").append(hostname).append(" (Posthorn) with ").append(client.protocol());
        text.append(" id ").append(queueId);
        if (envelope.recipients().size() == 1) {
            text.append("\r\n\tfor <")
                    .append(envelope.recipients().getFirst().address())
                    .append('>');
        }
        // RFC 8314 4.3 and 7.4: the clause tls with the cipher suite; the protocol version as a comment.
        client.tls().ifPresent(tls -> {
            int space = tls.indexOf(' ');
            text.append("\r\n\ttls ").append(tls, space + 1, tls.length());
            text.append(" (").append(tls, 0, Math.max(space, 0)).append(')');
        });
        text.append(";\r\n\t").append(DATE.format(clock.instant().atZone(zone))).append("\r\n");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 5321 4.1.3. */
    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return "[" + text + "]";
        }
        int zoneIndex = text.indexOf('%');
        return "[IPv6:" + (zoneIndex < 0 ? text : text.substring(0, zoneIndex)) + "]";
    }
}
