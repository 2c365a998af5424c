package org.posthorn.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Takes what libraries log through java.util.logging (slf4j goes there too) into the mail log, as component {@code server}. */
public final class LibraryLog extends Handler {
    private final MailLog log;

    private LibraryLog(MailLog log) {
        this.log = log;
    }

    /** Makes this the only handler of the whole program, for records from {@code level} on. */
    public static void install(MailLog log, Level level) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(level);
        LibraryLog handler = new LibraryLog(log);
        handler.setLevel(level);
        root.addHandler(handler);
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        MailLog.Level level = record.getLevel().intValue() >= Level.SEVERE.intValue()
                ? MailLog.Level.ERROR
                : record.getLevel().intValue() >= Level.WARNING.intValue() ? MailLog.Level.WARNING : MailLog.Level.INFO;
        String text = new SimpleFormatter().formatMessage(record);
        String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
        if (record.getThrown() == null) {
            log.event(level, "server", "", "library", "logger", logger, "text", text);
        } else {
            log.failure(level, "server", "", "library", record.getThrown(), "logger", logger, "text", text);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
