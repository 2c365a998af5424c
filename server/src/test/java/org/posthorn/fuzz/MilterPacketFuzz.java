package org.posthorn.fuzz;

import java.util.Arrays;
import org.posthorn.protocol.milter.MilterCommandParser;
import org.posthorn.protocol.milter.MilterSyntaxException;
import org.posthorn.protocol.milter.PacketHead;

/** What an MTA might send: packets, one after another. */
public final class MilterPacketFuzz {
    private MilterPacketFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        int position = 0;
        try {
            while (input.length - position >= PacketHead.OCTETS) {
                PacketHead head = PacketHead.read(input, position);
                position += PacketHead.OCTETS;
                // A length beyond the input is cut short, so that the fuzzer need not get it right.
                int end = Math.min(input.length, position + head.length());
                if (!head.isStreamed()) {
                    MilterCommandParser.parse(head.command(), Arrays.copyOfRange(input, position, end));
                }
                position = end;
            }
        } catch (MilterSyntaxException e) {
            // The session ends.
        }
    }
}
