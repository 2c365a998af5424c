package org.posthorn.log;

import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import org.posthorn.config.Section;

/**
 * How the mail log is written.
 *
 * @param file where to; empty for the standard error stream, which systemd puts into the journal
 * @param host the host name in each line's head, without domain or with, never with a space
 * @param program the name before the slash in each line's head; pflogsumm's {@code --syslog-name}
 * @param minimum events below this level are not written; delivery lines count as INFO
 * @param libraries what libraries log through java.util.logging is written from this level on
 * @param queueBytes how much may wait to be written, at least 4 KiB; callers wait when it is full
 */
public record LogConfig(
        Optional<Path> file, String host, String program, MailLog.Level minimum, Level libraries, int queueBytes) {
    /** Default of {@code queueBytes}: 1 MiB, about 5,000 lines. */
    public static final int QUEUE_BYTES = 1 << 20;

    private static final int SMALLEST_QUEUE = 4096;

    public LogConfig {
        if (host.isEmpty() || program.isEmpty() || (host + program).chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException("host and program of the log must be words");
        }
        if (queueBytes < SMALLEST_QUEUE) {
            throw new IllegalArgumentException("the log's queue must hold at least " + SMALLEST_QUEUE + " octets");
        }
    }

    /** To the standard error stream, as {@code posthorn}; libraries from WARNING on. */
    public static LogConfig standard(String host) {
        return new LogConfig(Optional.empty(), host, "posthorn", MailLog.Level.INFO, Level.WARNING, QUEUE_BYTES);
    }

    /** The same, into a file. */
    public LogConfig withFile(Path path) {
        return new LogConfig(Optional.of(path), host, program, minimum, libraries, queueBytes);
    }

    /** Reads {@code [log]}. */
    public static LogConfig read(Section section, String host) {
        LogConfig standard = standard(host);
        return new LogConfig(
                section.file("file"),
                standard.host,
                section.text("program", standard.program),
                section.parsed("level", LogConfig::level).orElse(standard.minimum),
                section.flag("libraries", false) ? Level.INFO : standard.libraries,
                standard.queueBytes);
    }

    private static MailLog.Level level(String text) {
        return switch (text) {
            case "info" -> MailLog.Level.INFO;
            case "warning" -> MailLog.Level.WARNING;
            case "error" -> MailLog.Level.ERROR;
            default -> throw new IllegalArgumentException("must be \"info\", \"warning\" or \"error\"");
        };
    }
}
