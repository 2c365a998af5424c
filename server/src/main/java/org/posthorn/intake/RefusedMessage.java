package org.posthorn.intake;

/** Stands for a message that could not begin. */
record RefusedMessage(Verdict verdict) implements IncomingMessage {
    @Override
    public void write(byte[] bytes, int offset, int length) {}

    @Override
    public Verdict finish() {
        return verdict;
    }

    @Override
    public void close() {}
}
