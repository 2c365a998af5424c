package org.posthorn.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.posthorn.log.MailLog;

/** Keeps the lines of the log, each as {@code component id: text}. */
public final class RecordedLog implements MailLog {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    /** Those written so far. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
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
