package org.posthorn.testing;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.posthorn.log.MailLog;

/** Keeps the lines of the log, each as {@code component id: text}. */
public final class RecordedLog implements MailLog {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public List<String> lines() {
        return lines;
    }

    @Override
    public void event(Level level, String component, String id, String event, Object... pairs) {
        lines.add(component + " " + id + ": " + event + " " + Arrays.toString(pairs));
    }

    @Override
    public void line(String component, String id, String text) {
        lines.add(component + " " + id + ": " + text);
    }

    @Override
    public void failure(Level level, String component, String id, String event, Throwable cause, Object... pairs) {
        lines.add(component + " " + id + ": " + event + " " + Arrays.toString(pairs) + " " + cause);
    }
}
