package org.posthorn.server.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.MessageIntake;
import org.posthorn.intake.SmtpClient;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.SmtpReply;

/** Takes mail for alice, bob, postmaster and jürgen at posthorn.test, and for uN there (u500 breaks down at its text), and keeps it for a test to look at. */
final class RecordingIntake implements MessageIntake {
    /** A message, with a char for each octet. */
    record Taken(SmtpClient client, Envelope envelope, String octets) {
        String text() {
            return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }

    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong octets = new AtomicLong();
    private volatile boolean broken;

    /** Of all messages, those included that are on their way. */
    long octets() {
        return octets.get();
    }

    /** Messages that were begun and not closed. */
    int open() {
        return open.get();
    }

    List<Taken> taken() {
        return taken;
    }

    Taken only() {
        if (taken.size() != 1) {
            throw new AssertionError("messages taken: " + taken.size());
        }
        return taken.getFirst();
    }

    void breakDown() {
        broken = true;
    }

    @Override
    public Decision sender(SmtpClient client, Optional<Address> sender, long size) {
        return sender.isPresent() && sender.get().toString().equals("banned@example.com")
                ? Decision.refuse(550, "5.7.1", "Sender refused")
                : Decision.ACCEPT;
    }

    @Override
    public Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient) {
        if (broken) {
            throw new IllegalStateException("directory gone");
        }
        if (!recipient.domain().name().equals("posthorn.test")) {
            return Decision.refuse(554, "5.7.1", "<" + recipient + ">: Relay access denied");
        }
        boolean known = recipient.canonical().localPart().matches("alice|bob|postmaster|jürgen|\"?odd one\"?|u[0-9]+");
        return known
                ? Decision.ACCEPT
                : Decision.refuse(550, "5.1.1", "<" + recipient + ">: Recipient address rejected: User unknown");
    }

    @Override
    public IncomingMessage begin(SmtpClient client, Envelope envelope) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        open.incrementAndGet();
        return new IncomingMessage() {
            private boolean closed;

            @Override
            public void write(byte[] source, int offset, int length) {
                if (envelope.addresses().getFirst().localPart().equals("u500")) {
                    throw new IllegalStateException("directory gone");
                }
                bytes.write(source, offset, length);
                octets.addAndGet(length);
            }

            @Override
            public Verdict finish() {
                taken.add(new Taken(client, envelope, bytes.toString(StandardCharsets.ISO_8859_1)));
                return new Verdict.Accepted("QUEUEID0001", SmtpReply.of(250, "2.0.0", "Ok: queued as QUEUEID0001"));
            }

            // Of its recipients u404 alone has gone since.
            @Override
            public Receipt finishForEach() {
                Verdict gone = new Verdict.Rejected(SmtpReply.of(550, "5.2.1", "u404 is not here"));
                return new Receipt(finish(), Map.of(Address.parse("u404@posthorn.test"), gone));
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    open.decrementAndGet();
                }
            }
        };
    }
}
