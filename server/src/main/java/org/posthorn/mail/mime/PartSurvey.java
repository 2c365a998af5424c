package org.posthorn.mail.mime;

import java.util.BitSet;

/** What each part of a message would need, in the order of their headers; 0 is the message itself. Used by one thread. */
public final class PartSurvey {
    /** RFC 5322 2.1.1: octets of a line without its end. */
    public static final int MAX_LINE = 998;

    private final BitSet eightBit = new BitSet();
    private final BitSet tooLong = new BitSet();
    private final BitSet stuck = new BitSet();
    private boolean eightBitHeader;

    void header(boolean eight) {
        eightBitHeader |= eight;
    }

    void body(int part, boolean eight, boolean longLine, boolean signed) {
        if (eight) {
            eightBit.set(part);
        }
        if (longLine && !signed) {
            tooLong.set(part);
        }
    }

    /** A part that cannot be encoded. */
    void stuck(int part) {
        stuck.set(part);
    }

    boolean hasEightBit(int part) {
        return eightBit.get(part);
    }

    boolean needsConversion(int part, boolean sevenBit, boolean declared, boolean signed) {
        return (sevenBit && (declared || eightBit.get(part))) || (!signed && tooLong.get(part));
    }

    /**
     * Whether octets above 127 remain after a conversion to seven bits: in a header of the message or a part, or in a part that
     * RFC 2045 6.4 lets nobody encode.
     */
    public boolean resistsSevenBit() {
        BitSet left = (BitSet) eightBit.clone();
        left.and(stuck);
        return eightBitHeader || !left.isEmpty();
    }
}
