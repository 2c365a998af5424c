package org.posthorn.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Hands a message to a server byte by byte as it is, which ready-made clients will not do. Text is ISO 8859-1. */
final class SmtpDialog implements AutoCloseable {
    private static final int PATIENCE = 60_000;
    private static final String HELO = "mx.peer.test";

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private SmtpDialog(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
    }

    /**
     * Sends a message and returns the reply to the end of its data.
     *
     * @param message in CRLF form; dots are stuffed here
     */
    static String send(int port, String from, String to, String message) throws IOException {
        try (SmtpDialog dialog = new SmtpDialog(port)) {
            dialog.expect("220");
            return dialog.transfer(HELO, from, to, message);
        }
    }

    /** As {@link #send}, by BDAT (RFC 3030): the message need not end with a line end. */
    static String sendChunk(int port, String from, String to, String message) throws IOException {
        try (SmtpDialog dialog = new SmtpDialog(port)) {
            dialog.expect("220");
            dialog.envelope(HELO, from, to);
            dialog.write("BDAT " + message.length() + " LAST\r\n" + message);
            return dialog.reply();
        }
    }

    /**
     * As {@link #send}, in the place of another client.
     *
     * @param attributes for XCLIENT of Postfix
     */
    static String sendAs(String attributes, int port, String from, String to, String message) throws IOException {
        return sendAs(attributes, HELO, port, from, to, message);
    }

    /** The same, with another name for EHLO. */
    static String sendAs(String attributes, String helo, int port, String from, String to, String message)
            throws IOException {
        try (SmtpDialog dialog = new SmtpDialog(port)) {
            dialog.expect("220");
            dialog.command("EHLO " + HELO, "250");
            dialog.command("XCLIENT " + attributes, "220");
            return dialog.transfer(helo, from, to, message);
        }
    }

    private String transfer(String helo, String from, String to, String message) throws IOException {
        envelope(helo, from, to);
        command("DATA", "354");
        String stuffed = (message.startsWith(".") ? "." : "") + message.replace("\r\n.", "\r\n..");
        write(stuffed + (stuffed.endsWith("\r\n") ? "" : "\r\n") + ".\r\n");
        return reply();
    }

    private void envelope(String helo, String from, String to) throws IOException {
        command("EHLO " + helo, "250");
        command("MAIL FROM:<" + from + "> BODY=8BITMIME", "250");
        command("RCPT TO:<" + to + ">", "250");
    }

    private void command(String line, String code) throws IOException {
        write(line + "\r\n");
        expect(code);
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void expect(String code) throws IOException {
        String reply = reply();
        if (!reply.startsWith(code)) {
            throw new AssertionError("not " + code + " but " + reply);
        }
    }

    /** The last line of a reply. */
    private String reply() throws IOException {
        while (true) {
            String line = in.readLine();
            if (line == null) {
                throw new AssertionError("the server has closed the connection");
            }
            if (line.length() < 4 || line.charAt(3) != '-') {
                return line;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
