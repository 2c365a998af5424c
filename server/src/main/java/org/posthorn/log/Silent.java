package org.posthorn.log;

/** The log that keeps nothing. */
final class Silent implements MailLog {
    static final Silent INSTANCE = new Silent();

    private Silent() {}

    @Override
    public void event(Level level, String component, String id, String event, Object... pairs) {}

    @Override
    public void line(String component, String id, String text) {}

    @Override
    public void failure(Level level, String component, String id, String event, Throwable cause, Object... pairs) {}
}
