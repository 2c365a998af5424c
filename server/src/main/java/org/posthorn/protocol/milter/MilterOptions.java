package org.posthorn.protocol.milter;

/**
 * What MTA and filter agree on (SMFIC_OPTNEG): the MTA offers, the filter answers with a part of the offer.
 *
 * @param version of the protocol, 2 to 6
 * @param actions what the filter may do to a message: bits of {@link Action}
 * @param steps what the MTA need not send, and what the filter will not answer: bits of {@link Step}
 */
public record MilterOptions(int version, int actions, int steps) {
    /** The oldest version spoken, that of Sendmail 8.12 and Postfix 2.3. */
    public static final int OLDEST = 2;

    /** The newest version there is. */
    public static final int NEWEST = 6;

    /** The actions (SMFIF_...), by their bits. */
    public enum Action {
        ADD_HEADERS(0x1),
        CHANGE_BODY(0x2),
        ADD_RECIPIENTS(0x4),
        DELETE_RECIPIENTS(0x8),
        CHANGE_HEADERS(0x10),
        QUARANTINE(0x20),
        CHANGE_SENDER(0x40),
        ADD_RECIPIENTS_WITH_PARAMETERS(0x80),
        /** The filter may name the macros that it wants. */
        SET_MACROS(0x100);

        private final int bit;

        Action(int bit) {
            this.bit = bit;
        }

        public int bit() {
            return bit;
        }
    }

    /** The steps (SMFIP_...), by their bits. */
    public enum Step {
        NO_CONNECT(0x1),
        NO_HELO(0x2),
        NO_MAIL(0x4),
        NO_RCPT(0x8),
        NO_BODY(0x10),
        NO_HEADERS(0x20),
        NO_END_OF_HEADERS(0x40),
        SILENT_HEADER(0x80),
        NO_UNKNOWN(0x100),
        NO_DATA(0x200),
        /** The filter may have the rest of a step skipped. */
        SKIP(0x400),
        REFUSED_RECIPIENTS(0x800),
        SILENT_CONNECT(0x1000),
        SILENT_HELO(0x2000),
        SILENT_MAIL(0x4000),
        SILENT_RCPT(0x8000),
        SILENT_DATA(0x10000),
        SILENT_UNKNOWN(0x20000),
        SILENT_END_OF_HEADERS(0x40000),
        SILENT_BODY(0x80000),
        /** White space after the colon of a field comes and goes as it is; without it the MTA eats and adds a space. */
        LEADING_SPACE(0x100000);

        private final int bit;

        Step(int bit) {
            this.bit = bit;
        }

        public int bit() {
            return bit;
        }
    }

    /** Throws {@link MilterSyntaxException} for a version before {@link #OLDEST}. */
    public MilterOptions {
        if (version < OLDEST) {
            throw new MilterSyntaxException("milter protocol version " + Integer.toUnsignedString(version));
        }
    }

    public boolean has(Action action) {
        return (actions & action.bit()) != 0;
    }

    public boolean has(Step step) {
        return (steps & step.bit()) != 0;
    }

    /** The part of this offer that the filter has a use for. */
    public MilterOptions wanting(int wantedActions, int wantedSteps) {
        return new MilterOptions(Math.min(version, NEWEST), actions & wantedActions, steps & wantedSteps);
    }
}
