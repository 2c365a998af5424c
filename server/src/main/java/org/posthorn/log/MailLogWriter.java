package org.posthorn.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;

/**
 * The mail log in a file or on the standard error stream. The caller formats the line; one thread writes lines in
 * batches ({@link LineWriter}). Thread-safe. Close it last: it writes what is waiting.
 */
public final class MailLogWriter implements MailLog, Closeable {
    private static final int MAX_TRACE_LINES = 60;

    private final LogConfig config;
    private final InstantSource clock;
    private final LogHead head;
    private final LineWriter lines;

    /** @throws IOException the file cannot be opened */
    public MailLogWriter(LogConfig config, InstantSource clock, ZoneId zone) throws IOException {
        this.config = config;
        this.clock = clock;
        this.head = new LogHead(
                config.host(), config.program(), ProcessHandle.current().pid(), zone);
        this.lines = new LineWriter(new LogOutput(config.file()), config.queueBytes());
    }

    /** With the system's clock and time zone. */
    public static MailLogWriter open(LogConfig config) throws IOException {
        return new MailLogWriter(config, InstantSource.system(), ZoneId.systemDefault());
    }

    @Override
    public void event(Level level, String component, String id, String event, Object... pairs) {
        if (isWritten(level)) {
            lines.add(eventLine(level, component, id, event, pairs));
        }
    }

    @Override
    public void line(String component, String id, String text) {
        if (isWritten(Level.INFO)) {
            lines.add(begin(Level.INFO, component, id).append(text));
        }
    }

    @Override
    public void failure(Level level, String component, String id, String event, Throwable cause, Object... pairs) {
        if (!isWritten(level)) {
            return;
        }
        StringBuilder line = eventLine(level, component, id, event, pairs);
        Pairs.append(line, "cause", cause.getClass().getSimpleName());
        if (cause.getMessage() != null) {
            Pairs.append(line, "reason", cause.getMessage());
        }
        if (level == Level.ERROR) {
            appendTrace(line, cause);
        }
        lines.add(line);
    }

    private boolean isWritten(Level level) {
        return level.compareTo(config.minimum()) >= 0;
    }

    private StringBuilder eventLine(Level level, String component, String id, String event, Object... pairs) {
        StringBuilder line = begin(level, component, id).append(event);
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            Pairs.append(line, String.valueOf(pairs[i]), String.valueOf(pairs[i + 1]));
        }
        return line;
    }

    private StringBuilder begin(Level level, String component, String id) {
        StringBuilder line = new StringBuilder(200);
        head.appendTo(line, clock.instant(), component);
        // As Postfix has it: "warning: " and "error: " come first, so that pflogsumm counts them.
        switch (level) {
            case INFO -> {}
            case WARNING -> line.append("warning: ");
            case ERROR -> line.append("error: ");
        }
        if (!id.isEmpty()) {
            line.append(id).append(": ");
        }
        return line;
    }

    /** The trace's lines are indented, so that none can be taken for an event, and bounded in number and length. */
    private static void appendTrace(StringBuilder line, Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        trace.toString()
                .lines()
                .limit(MAX_TRACE_LINES)
                .forEach(text -> line.append("\n    ").append(MailLog.safe(text.strip())));
    }

    /** Opens the file anew, after logrotate has renamed it. */
    public void reopen() {
        lines.reopen();
    }

    /** Waits until everything logged so far is written, up to the limit. */
    public void flush(Duration limit) {
        lines.flush(limit);
    }

    /** Lines dropped because the disk was full or the file could not be written; for the metrics. */
    public long lost() {
        return lines.lost();
    }

    /** Why the log cannot be written at present, a line. */
    public List<String> faults() {
        return lines.faults();
    }

    /** False where nothing is written any more, since the thread that does it has ended. */
    public boolean alive() {
        return lines.alive();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
