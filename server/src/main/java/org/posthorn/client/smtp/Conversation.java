package org.posthorn.client.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.posthorn.net.Connection;
import org.posthorn.net.Input;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.protocol.smtp.ReplyParser;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.protocol.smtp.SmtpSyntaxException;

/** Sends commands and reads replies, each within its time. Failures say what was going on. Used by one thread. */
final class Conversation {
    private static final EnhancedStatus BAD_CONNECTION = new EnhancedStatus(4, 4, 2);
    private static final EnhancedStatus PROTOCOL_ERROR = new EnhancedStatus(4, 5, 0);

    private final Connection connection;
    private final SmtpHost server;

    Conversation(Connection connection, SmtpHost server) {
        this.connection = connection;
        this.server = server;
    }

    /** Sends a command and waits for its reply. */
    SmtpReply exchange(String command, String phase, Duration limit) throws SmtpSessionException {
        write(command, phase);
        return reply(phase, limit);
    }

    /** Buffers a command; it is sent by the next {@link #reply} that has to wait. */
    void write(String command, String phase) throws SmtpSessionException {
        try {
            connection.out().printUtf8(command).print("\r\n");
        } catch (IOException e) {
            throw broken(e, phase);
        }
    }

    /**
     * The next reply. What was written is sent first.
     *
     * @param phase what we are doing, for {@code lost connection with ... while PHASE}
     */
    SmtpReply reply(String phase, Duration limit) throws SmtpSessionException {
        try {
            connection.out().flush();
        } catch (IOException e) {
            throw broken(e, phase);
        }
        return lastReply(phase, limit);
    }

    /** As {@link #reply}, but without sending anything: for a connection whose way out is closed. */
    SmtpReply lastReply(String phase, Duration limit) throws SmtpSessionException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            ReplyParser parser = new ReplyParser();
            while (!parser.add(line(deadline))) {
                // The next line of the same reply.
            }
            return parser.reply();
        } catch (SmtpSyntaxException e) {
            throw new SmtpSessionException(PROTOCOL_ERROR, "malformed reply from " + server + " while " + phase);
        } catch (IOException e) {
            throw broken(e, phase);
        }
    }

    /** A line without its end, which may be a bare LF; the time limit is for the whole reply, however slowly it drips. */
    private String line(long deadline) throws IOException {
        Input in = connection.in();
        int scanned = 0;
        while (true) {
            int from = in.position();
            int buffered = in.buffered();
            for (int i = scanned; i < buffered; i++) {
                if (in.buffer()[from + i] == '\n') {
                    int length = i > 0 && in.buffer()[from + i - 1] == '\r' ? i - 1 : i;
                    String line = new String(in.buffer(), from, length, StandardCharsets.ISO_8859_1);
                    in.consume(i + 1);
                    return line;
                }
            }
            scanned = buffered;
            if (scanned > ReplyParser.MAX_LINE) {
                throw new SmtpSyntaxException(SmtpReply.of(421, "4.5.0", "Reply line too long"));
            }
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.toMillis() < 1) {
                throw new SocketTimeoutException();
            }
            connection.readTimeout(left);
            if (!in.fill()) {
                throw new EOFException("closed by peer");
            }
        }
    }

    /** For the text of a message; what is written is sent at the latest by the next {@link #reply}. */
    OutputStream out() {
        return connection.out();
    }

    SmtpSessionException broken(IOException cause, String phase) {
        return switch (cause) {
            case SmtpSessionException known -> known;
            case SocketTimeoutException _ ->
                new SmtpSessionException(BAD_CONNECTION, "conversation with " + server + " timed out while " + phase);
            default -> new SmtpSessionException(BAD_CONNECTION, "lost connection with " + server + " while " + phase);
        };
    }
}
