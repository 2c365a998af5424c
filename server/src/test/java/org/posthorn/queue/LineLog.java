package org.posthorn.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.posthorn.log.MailLog;

/** A mail log that a test can read. */
public final class LineLog implements MailLog {
    public final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void event(Level level, String component, String id, String event, Object... pairs) {
        lines.add(level + " " + component + " " + id + ": " + event + " " + Arrays.toString(pairs));
    }

    @Override
    public void line(String component, String id, String text) {
        lines.add(component + " " + id + ": " + text);
    }

    @Override
    public void failure(Level level, String component, String id, String event, Throwable cause, Object... pairs) {
        lines.add(level + " " + component + " " + id + ": " + event + " " + cause);
    }

    public List<String> containing(String part) {
        return List.copyOf(lines).stream().filter(line -> line.contains(part)).toList();
    }
}
