package org.posthorn.server.imap;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.posthorn.net.Connection;
import org.posthorn.net.Input;
import org.posthorn.net.LineException;
import org.posthorn.net.MemoryShortageException;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.ImapSyntaxException;
import org.posthorn.protocol.imap.RequestAssembler;
import org.posthorn.protocol.imap.RequestAssembler.Step;
import org.posthorn.protocol.imap.RequestParser;

/** Reads requests from a connection, asking for literals as they come. */
final class RequestReader {
    /** Octets of a line or literal that the cost of the connection covers. */
    private static final int FREE = 512;

    /** Of a line or literal: as it came, as text, within the request. */
    private static final int COPIES = 3;

    private final Connection connection;
    private long charged;
    private final Responses responses;

    RequestReader(Connection connection, Responses responses) {
        this.connection = connection;
        this.responses = responses;
    }

    /** What came. */
    sealed interface Received {
        record Command(RequestParser.Request request) implements Received {}

        /** An APPEND whose message has not been asked for yet. */
        record Message(String tag, ImapCommand.Append append, boolean nonSync) implements Received {}

        /**
         * What cannot be taken.
         *
         * @param pending octets that the client sends all the same, before its next request
         */
        record Refused(String tag, String verb, Reply reply, long pending) implements Received {}

        /** The client has left, or the server is stopping. */
        record End() implements Received {}

        record TimedOut() implements Received {}

        /** There is no memory for what the client sends. */
        record MemoryShort() implements Received {}
    }

    /** The next request; {@code limit} is the time for all of it. */
    Received next(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        connection.memory().release(charged);
        charged = 0;
        try {
            if (connection.in().buffered() == 0) {
                // One write for a pipeline of commands: as long as a request waits its answer may, too.
                responses.flush();
                connection.lastReadTimeout(limit);
            }
            if (!connection.awaitInput()) {
                return new Received.End();
            }
            return assemble(deadline);
        } catch (MemoryShortageException e) {
            return new Received.MemoryShort();
        } catch (SocketTimeoutException e) {
            return new Received.TimedOut();
        } catch (LineException e) {
            String text = e.fault() == LineException.Fault.TOO_LONG ? "Line too long" : "Lines end with CRLF";
            return new Received.Refused("*", "", Reply.bad(text), 0);
        } catch (IOException e) {
            return new Received.End();
        }
    }

    private Received assemble(long deadline) throws IOException {
        RequestAssembler assembler = new RequestAssembler();
        while (true) {
            switch (assembler.line(line(deadline))) {
                case Step.Complete(String request) -> {
                    return parsed(request);
                }
                case Step.Literal(int size, boolean nonSync) -> {
                    if (!nonSync) {
                        responses.line("+ OK");
                        responses.flush();
                    }
                    assembler.literal(octets(size, deadline));
                }
                case Step.Message(String request, long size, boolean nonSync) -> {
                    return message(request, size, nonSync);
                }
                case Step.TooLarge(String request, long size, boolean nonSync) -> {
                    return new Received.Refused(
                            RequestAssembler.tagOf(request),
                            RequestAssembler.verbOf(request),
                            // RFC 7888 4: TOOBIG for a literal over the limit
                            new Reply(Reply.Status.BAD, "TOOBIG", "Literal too large"),
                            nonSync ? size : 0);
                }
            }
        }
    }

    /** The next line; short ones, which all are before login, keep the deadline however slowly they drip in. */
    private String line(long deadline) throws IOException {
        Input in = connection.in();
        int seen = 0;
        while (!hasLineEnd(in, seen) && in.buffered() < 8 * 1024) {
            seen = in.buffered();
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            responses.flush();
            connection.lastReadTimeout(Duration.ofNanos(left).plusMillis(1));
            if (!in.fill()) {
                break;
            }
        }
        String line = in.readLine(RequestAssembler.MAX_LINE);
        charge(line.length());
        return line;
    }

    /** For as long as the request is at work. */
    private void charge(int octets) throws MemoryShortageException {
        if (octets > FREE) {
            long copies = (long) COPIES * octets;
            connection.memory().charge(copies);
            charged += copies;
        }
    }

    private static boolean hasLineEnd(Input in, int from) {
        byte[] buffer = in.buffer();
        for (int i = in.position() + from; i < in.limit(); i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    private String octets(int size, long deadline) throws IOException {
        charge(size);
        byte[] octets = new byte[size];
        int done = 0;
        while (done < size) {
            responses.flush();
            int count = connection.in().read(octets, done, size - done);
            if (count < 0 || System.nanoTime() > deadline) {
                throw new SocketTimeoutException();
            }
            done += count;
        }
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static Received parsed(String request) {
        try {
            return new Received.Command(RequestParser.parse(request));
        } catch (ImapSyntaxException e) {
            return refused(request, e, 0);
        }
    }

    private static Received message(String request, long size, boolean nonSync) {
        try {
            RequestParser.Request parsed = RequestParser.parse(request);
            if (parsed.command() instanceof ImapCommand.Append append) {
                return new Received.Message(parsed.tag(), append, nonSync);
            }
            throw new ImapSyntaxException("Unexpected literal");
        } catch (ImapSyntaxException e) {
            return refused(request, e, nonSync ? size : 0);
        }
    }

    private static Received refused(String request, ImapSyntaxException fault, long pending) {
        String text = String.valueOf(fault.getMessage());
        return new Received.Refused(
                RequestAssembler.tagOf(request),
                RequestAssembler.verbOf(request),
                fault.isOfName() ? Reply.no("CANNOT", text) : Reply.bad(text),
                pending);
    }

    /** One line outside a command: a SASL response, DONE. */
    String plainLine() throws IOException {
        return connection.in().readLine(RequestAssembler.MAX_LINE);
    }
}
