package org.posthorn.protocol.milter;

/**
 * The first octets of a packet.
 *
 * @param command a letter of {@link MilterCommandParser}, not checked yet
 * @param length octets of data that follow
 */
public record PacketHead(char command, int length) {
    /** Octets of a head. */
    public static final int OCTETS = 5;

    /** Octets of a packet that is held in memory; Postfix sends a header field of 100 KiB at most. */
    public static final int MAX_KEPT = 256 << 10;

    /** Octets of a piece of the body; 64 KiB unless more was negotiated, 1 MiB at most. */
    public static final int MAX_STREAMED = 1 << 20;

    /**
     * Reads a head.
     *
     * @throws MilterSyntaxException for a packet without a command, or one too long
     */
    public static PacketHead read(byte[] bytes, int offset) {
        int length = MilterText.number(bytes, offset);
        PacketHead head = new PacketHead((char) (bytes[offset + 4] & 0xff), length - 1);
        if (length < 1 || head.length > (head.isStreamed() ? MAX_STREAMED : MAX_KEPT)) {
            throw new MilterSyntaxException("packet of " + Integer.toUnsignedString(length) + " octets");
        }
        return head;
    }

    /** Whether its data are a piece of the body, which is not held. */
    public boolean isStreamed() {
        return command == MilterCommandParser.BODY || command == MilterCommandParser.END_OF_MESSAGE;
    }
}
