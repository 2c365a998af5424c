package org.posthorn.net;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import jdk.net.ExtendedSocketOptions;

/**
 * A client's connection that acknowledges what was read as soon as more of it is waited for. A client that leaves Nagle's algorithm on
 * (RFC 9293 3.7.4) sends the rest of a command only when its beginning is acknowledged, which the kernel would put off for 40 ms
 * (RFC 9293 3.8.6.3). What is answered needs nothing, since the reply carries the acknowledgement. So it works below TLS, where a
 * record may come in pieces as well.
 */
class PromptSocket extends Socket {
    private static final boolean SUPPORTED = isSupported();

    /** Whether something was read since we have written last. */
    private volatile boolean unanswered;

    PromptSocket() throws SocketException {
        // What accept() makes; an implementation of its own would be thrown away.
        super((SocketImpl) null);
    }

    private static boolean isSupported() {
        try (Socket probe = new Socket()) {
            return probe.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return SUPPORTED ? new PromptInput(super.getInputStream()) : super.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new AnsweringOutput(super.getOutputStream());
    }

    private final class PromptInput extends FilterInputStream {
        PromptInput(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            byte[] octet = new byte[1];
            return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (unanswered && length > 0 && available() == 0) {
                acknowledge();
            }
            int count = super.read(target, offset, length);
            if (count > 0) {
                unanswered = true;
            }
            return count;
        }

        /** The kernel takes this for an order, and forgets it again when we write. */
        private void acknowledge() {
            try {
                setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            } catch (IOException e) {
                // The read will tell what has become of the connection.
            }
        }
    }

    private final class AnsweringOutput extends FilterOutputStream {
        AnsweringOutput(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            unanswered = false;
            out.write(octets, offset, length);
        }
    }
}
