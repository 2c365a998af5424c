package org.posthorn.abuse;

/** A command takes more of the server than it may; the text is for the client. */
public final class OverBudgetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OverBudgetException(String text) {
        super(text, null, false, false);
    }
}
