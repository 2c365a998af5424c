package org.posthorn.server.milter;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.testing.Patience;

/** Speaks to a milter as an MTA does, as far as the tests need it. Text is ISO 8859-1. */
final class TestMta implements Closeable {
    /** All that Sendmail 8.14 offers. */
    static final int ALL_ACTIONS = 0x1ff;

    static final int ALL_STEPS = 0x1fffff;
    private static final int SILENT_BODY = 0x80000;
    private static final int SILENT_HEADER = 0x80;
    private static final int SILENT_CONNECT = 0x1000;
    private static final int SILENT_MAIL = 0x4000;
    private static final int SILENT_RCPT = 0x8000;
    private static final int LEADING_SPACE = 0x100000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private int steps;

    TestMta(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(Patience.millis());
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Negotiates, and says what the filter answered, as packet. */
    String negotiate(int version, int actions, int offeredSteps) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        DataOutputStream numbers = new DataOutputStream(data);
        numbers.writeInt(version);
        numbers.writeInt(actions);
        numbers.writeInt(offeredSteps);
        send('O', data.toString(StandardCharsets.ISO_8859_1));
        String answer = read();
        if (answer.charAt(0) == 'O') {
            steps = number(answer, 9);
        }
        return answer;
    }

    static int number(String packet, int offset) {
        int number = 0;
        for (int i = offset; i < offset + 4; i++) {
            number = number << 8 | packet.charAt(i);
        }
        return number;
    }

    void connect(String address) throws IOException {
        send('D', "Cj\0mx.posthorn.test\0{daemon_name}\0smtpd\0");
        send('C', "client.example\0" + (address.contains(":") ? "6" : "4") + "\0\u0019" + address + "\0");
        unless(SILENT_CONNECT);
    }

    void mail(String path, String macros) throws IOException {
        send('D', "M" + macros);
        mailWithoutMacros(path);
    }

    /** As Sendmail does where it has no macros to tell. */
    void mailWithoutMacros(String path) throws IOException {
        send('M', path + "\0");
        unless(SILENT_MAIL);
    }

    void rcpt(String path) throws IOException {
        send('R', path + "\0");
        unless(SILENT_RCPT);
    }

    /** Sends a message in CRLF form as Postfix does, and returns all replies from the end of its header on. */
    List<String> message(String message) throws IOException {
        int end = message.indexOf("\r\n\r\n");
        for (String field : message.substring(0, end).split("\r\n(?![ \t])", -1)) {
            int colon = field.indexOf(':');
            String value = field.substring(colon + 1).replace("\r\n", "\n");
            boolean eats = (steps & LEADING_SPACE) == 0 && value.startsWith(" ");
            header(field.substring(0, colon), eats ? value.substring(1) : value);
        }
        List<String> replies = endOfHeader("4ABC");
        if (!replies.equals(List.of("c"))) {
            return replies;
        }
        String body = message.substring(end + 4);
        int whole = body.length() / 65_535 * 65_535;
        for (int i = 0; i < whole; i += 65_535) {
            send('B', body.substring(i, i + 65_535));
            unless(SILENT_BODY);
        }
        return endOfMessage(body.substring(whole));
    }

    void header(String name, String value) throws IOException {
        send('L', name + "\0" + value + "\0");
        unless(SILENT_HEADER);
    }

    List<String> endOfHeader(String queueId) throws IOException {
        send('D', "Ni\0" + queueId + "\0");
        send('N', "");
        return List.of(read());
    }

    List<String> endOfMessage(String lastPiece) throws IOException {
        send('E', lastPiece);
        List<String> replies = new ArrayList<>();
        do {
            String reply = read();
            while (reply.equals("p")) {
                reply = read();
            }
            replies.add(reply);
        } while ("ihmq".indexOf(replies.getLast().charAt(0)) >= 0);
        return replies;
    }

    private void unless(int silent) throws IOException {
        if ((steps & silent) == 0) {
            String reply = read();
            if (!reply.equals("c")) {
                throw new IOException("not CONTINUE but " + reply);
            }
        }
    }

    void send(char command, String data) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        DataOutputStream numbers = new DataOutputStream(packet);
        numbers.writeInt(data.length() + 1);
        numbers.write(command);
        numbers.write(data.getBytes(StandardCharsets.ISO_8859_1));
        out.write(packet.toByteArray());
    }

    /** As {@link #send}, octet by octet. */
    void dribble(char command, String data) throws IOException {
        socket.setTcpNoDelay(true);
        int length = data.length() + 1;
        for (int octet : new int[] {length >>> 24, length >>> 16, length >>> 8, length, command}) {
            out.write(octet);
        }
        for (int i = 0; i < data.length(); i++) {
            out.write(data.charAt(i));
        }
    }

    /** A reply: its letter and its data. */
    String read() throws IOException {
        byte[] packet = new byte[in.readInt()];
        in.readFully(packet);
        return new String(packet, StandardCharsets.ISO_8859_1);
    }

    /** Whether the filter has ended the connection. */
    boolean isOver() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
