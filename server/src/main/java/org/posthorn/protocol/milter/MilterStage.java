package org.posthorn.protocol.milter;

/** The stages for which a filter may name the macros that it wants (SMFIM_...). */
public enum MilterStage {
    CONNECT(0),
    HELO(1),
    MAIL(2),
    RCPT(3),
    DATA(4),
    END_OF_MESSAGE(5),
    END_OF_HEADERS(6);

    private final int number;

    MilterStage(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
