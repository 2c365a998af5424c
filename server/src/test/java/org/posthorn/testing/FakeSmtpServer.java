package org.posthorn.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;

/**
 * A server on loopback that plays transcripts, one for each connection in turn:
 *
 * <pre>
 * S: 220 hello          send a line
 * R: 250 bare LF        send a line that ends with a bare LF
 * C: EHLO me            expect exactly this line
 * DATA                  read up to the line with the single dot, keep the text
 * TLS                   become TLS
 * NOTLS                 answer the handshake with rubbish
 * STALL                 say nothing until the client has gone
 * HOLD                  neither read nor write until the fake is closed
 * </pre>
 *
 * The connection is closed at the transcript's end. What did not go by the transcript is in {@link #complaints}.
 */
public final class FakeSmtpServer implements Closeable {
    private final ServerSocket listener;
    private final List<List<String>> transcripts = new ArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch played;
    private final CountDownLatch closed = new CountDownLatch(1);

    public FakeSmtpServer(String... transcripts) throws IOException {
        this(InetAddress.ofLiteral("127.0.0.1"), 0, transcripts);
    }

    public FakeSmtpServer(InetAddress address, int port, String... transcripts) throws IOException {
        for (String transcript : transcripts) {
            this.transcripts.add(transcript
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList());
        }
        this.played = new CountDownLatch(transcripts.length);
        this.listener = new ServerSocket(port, 10, address);
        Thread.startVirtualThread(this::run);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public InetAddress address() {
        return listener.getInetAddress();
    }

    /** Connections so far. */
    public int connections() {
        return connections.get();
    }

    /** The messages received, still dot-stuffed, without the final dot. */
    public List<String> texts() {
        return texts;
    }

    /** Waits until all transcripts are played; what went otherwise than written. */
    public List<String> complaints() throws InterruptedException {
        played.await();
        return complaints;
    }

    private void run() {
        for (List<String> transcript : transcripts) {
            try (Socket socket = listener.accept()) {
                connections.incrementAndGet();
                new Player(socket).play(transcript);
            } catch (IOException e) {
                if (listener.isClosed()) {
                    complaints.add("a transcript was never played");
                } else {
                    complaints.add(e.toString());
                }
            }
            played.countDown();
        }
    }

    private final class Player {
        private final Socket plain;
        private InputStream in;
        private OutputStream out;

        Player(Socket socket) throws IOException {
            this.plain = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        void play(List<String> transcript) throws IOException {
            for (String step : transcript) {
                if (step.startsWith("S: ")) {
                    send(step.substring(3) + "\r\n");
                } else if (step.startsWith("R: ")) {
                    send(step.substring(3) + "\n");
                } else if (step.startsWith("C: ")) {
                    String line = line();
                    if (!line.equals(step.substring(3))) {
                        complaints.add("expected <" + step.substring(3) + "> but got <" + line + ">");
                        return;
                    }
                } else {
                    special(step);
                }
            }
        }

        private void special(String step) throws IOException {
            switch (step) {
                case "DATA" -> texts.add(text());
                case "TLS" -> startTls();
                case "NOTLS" -> {
                    out.write("this is not TLS\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    drain();
                }
                case "STALL" -> drain();
                case "HOLD" -> hold();
                default -> complaints.add("unknown step " + step);
            }
        }

        private void drain() throws IOException {
            try {
                while (in.read() >= 0) {
                    // Until the client has gone.
                }
            } catch (IOException e) {
                // Gone with a reset.
            }
        }

        private void hold() throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private void startTls() throws IOException {
            SSLSocket secured =
                    (SSLSocket) SelfSigned.shared().server().getSocketFactory().createSocket(plain, null, true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            in = secured.getInputStream();
            out = secured.getOutputStream();
        }

        private void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                if (octet == '\n') {
                    String text = line.toString(StandardCharsets.UTF_8);
                    if (!text.endsWith("\r")) {
                        complaints.add("bare LF from the client after <" + text + ">");
                        return text;
                    }
                    return text.substring(0, text.length() - 1);
                }
                line.write(octet);
            }
            return line.size() == 0 ? "(closed)" : line + "(closed)";
        }

        private String text() throws IOException {
            StringBuilder text = new StringBuilder();
            for (String line = line(); !line.equals("."); line = line()) {
                if (line.endsWith("(closed)")) {
                    complaints.add("closed within the text");
                    return text.toString();
                }
                text.append(line).append("\r\n");
            }
            return text.toString();
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
    }
}
