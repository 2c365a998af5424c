package org.posthorn.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;

/**
 * Has a milter sign messages, as an MTA that keeps its connections does: each message of a client that has logged in. What
 * the filter says it need not be told or will not answer is left out, as the protocol has it.
 */
final class MilterLoad {
    private static final int VERSION = 6;
    private static final int ALL_ACTIONS = 0x1ff;
    private static final int ALL_STEPS = 0x1fffff;

    private MilterLoad() {}

    /**
     * Sends messages over {@code connections} at once.
     *
     * @return how many; each has been signed
     */
    static long run(int port, String domain, int connections, int messages, int size)
            throws InterruptedException, ExecutionException {
        return Sessions.run(connections, i -> () -> {
            long signed = 0;
            try (Mta mta = new Mta(port)) {
                mta.begin();
                for (int k = 0; k < messages / connections; k++) {
                    mta.message("user" + i + "@" + domain, i + "." + k, size);
                    signed++;
                }
                mta.packet('Q', "");
            }
            return signed;
        });
    }

    /** A command that the filter may not want to be sent, or not answer. */
    private enum Command {
        CONNECT('C', 0x1, 0x1000),
        HELO('H', 0x2, 0x2000),
        MAIL('M', 0x4, 0x4000),
        RCPT('R', 0x8, 0x8000),
        DATA('T', 0x200, 0x10000),
        HEADER('L', 0x20, 0x80),
        END_OF_HEADERS('N', 0x40, 0x40000),
        BODY('B', 0x10, 0x80000);

        private final char letter;
        private final int unwanted;
        private final int silent;

        Command(char letter, int unwanted, int silent) {
            this.letter = letter;
            this.unwanted = unwanted;
            this.silent = silent;
        }
    }

    /** One connection to the filter. */
    private static final class Mta implements Closeable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;
        private int steps;

        Mta(int port) throws IOException {
            socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 << 10));
        }

        void begin() throws IOException {
            out.writeInt(13);
            out.write('O');
            out.writeInt(VERSION);
            out.writeInt(ALL_ACTIONS);
            out.writeInt(ALL_STEPS);
            byte[] agreed = reply();
            DataInputStream numbers = new DataInputStream(new ByteArrayInputStream(agreed, 1, agreed.length - 1));
            if (agreed[0] != 'O' || numbers.readInt() != VERSION) {
                throw new IOException("no agreement");
            }
            numbers.readInt();
            steps = numbers.readInt();
            packet('D', "C{daemon_name}\0smtpd\0j\0mx.example\0");
            command(Command.CONNECT, "client.example\0" + "4\u0019\u0019203.0.113.1\0");
            command(Command.HELO, "client.example\0");
        }

        void message(String from, String number, int size) throws IOException {
            packet('D', "Mi\0" + number + "\0{auth_type}\0PLAIN\0{auth_authen}\0user\0");
            command(Command.MAIL, "<" + from + ">\0");
            command(Command.RCPT, "<somebody@example.org>\0");
            command(Command.DATA, "");
            field(
                    "Received",
                    "from client.example (client.example [203.0.113.1])\n\tby mx.example with ESMTPSA id 4AB");
            field("From", "A User <" + from + ">");
            field("To", "Somebody <somebody@example.org>");
            field("Subject", "load " + number);
            field("Date", "Mon, 01 Jan 2024 00:00:00 +0000");
            field("Message-ID", "<" + number + "@load.example>");
            field("MIME-Version", "1.0");
            field("Content-Type", "text/plain; charset=utf-8");
            packet('D', "Ni\0" + number + "\0");
            command(Command.END_OF_HEADERS, "");
            command(Command.BODY, ("x".repeat(76) + "\r\n").repeat(size / 78));
            packet('E', "");
            boolean signed = false;
            for (byte[] reply = reply(); reply[0] == 'i' || reply[0] == 'h' || reply[0] == 'p'; reply = reply()) {
                signed |= new String(reply, StandardCharsets.ISO_8859_1).contains("DKIM-Signature");
            }
            if (!signed) {
                throw new IOException("message " + number + " has not been signed");
            }
        }

        private void field(String name, String value) throws IOException {
            boolean withSpace = (steps & 0x100000) != 0;
            command(Command.HEADER, name + "\0" + (withSpace ? " " : "") + value + "\0");
        }

        private void command(Command command, String data) throws IOException {
            if ((steps & command.unwanted) != 0) {
                return;
            }
            packet(command.letter, data);
            if ((steps & command.silent) == 0) {
                byte[] reply = reply();
                if (reply[0] != 'c') {
                    throw new IOException(command + " is answered with " + (char) reply[0]);
                }
            }
        }

        void packet(char letter, String data) throws IOException {
            ByteArrayOutputStream octets = new ByteArrayOutputStream(data.length() + 1);
            octets.write(letter);
            octets.writeBytes(data.getBytes(StandardCharsets.ISO_8859_1));
            out.writeInt(octets.size());
            octets.writeTo(out);
        }

        private byte[] reply() throws IOException {
            out.flush();
            byte[] packet = new byte[in.readInt()];
            in.readFully(packet);
            return packet;
        }

        @Override
        public void close() throws IOException {
            out.flush();
            socket.close();
        }
    }
}
